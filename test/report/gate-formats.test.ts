/**
 * What every format of a gate session owes its reader: nothing in a name can end a line, a cell or an element.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { describe, expect, it } from 'vitest';

import type { GateSession } from '../../src/model/gate.ts';
import { loadFormatsFor } from '../../src/report/formats.ts';
import { reportGate } from '../../src/report/gate/gate-report.ts';
import { showText } from '../../src/foreign-text.ts';
import { readGateSession } from '../../src/store/gate-file.ts';
import { gateSession, hostileName, sessionOf } from './gate/gate-session.ts';

const formats = await loadFormatsFor('session');

function renderAny(name: string, session: GateSession): string | Promise<string> {
  const format = formats.get(name);
  if (format === undefined) throw new Error(`there is no format ${name}`);
  return format.render(reportGate(session), { color: false, columns: 110, session });
}

function render(name: string, session: GateSession): string {
  const text = renderAny(name, session);
  if (typeof text !== 'string') throw new Error(`${name} is not rendered at once`);
  return text;
}

describe('showText', () => {
  it('leaves ordinary text alone, emoji and all', () => {
    const text = 'naïve 日本 👩‍💻 <b>|';
    expect(showText(text)).toBe(text);
  });

  it('makes control characters, reversals and halves of characters visible', () => {
    expect(showText('a\r\nb\u001b[2J\u0000\u007f\u202e\ud800')).toBe('a⏎b␛[2J␀���');
  });
});

describe.each([...formats.keys()])('the gate format %s', (name) => {
  it('has no control code without colour and ends in a newline', async () => {
    const text = await renderAny(name, gateSession());
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(text.endsWith('\n')).toBe(true);
    // Lines of CSV end in both.
    expect(text.replaceAll('\r\n', '\n')).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('renders a session without cells', async () => {
    const text = await renderAny(name, { ...gateSession(), cells: [], leftOut: [], verdict: 'pass' });
    expect(text.length).toBeGreaterThan(0);
  });
});

describe.each(['github', 'github-comment', 'junit'])('the gate format %s', (name) => {
  it('is refused where there is no session', async () => {
    const format = formats.get(name);
    const document = { title: 'something else', blocks: [] };
    await expect(async () => format?.render(document, { color: false, columns: 110 })).rejects.toThrow(
      `cannot write this as ${name}: that format lists the cells of a gate session`,
    );
    expect([...(await loadFormatsFor('runs')).keys(), ...(await loadFormatsFor(undefined)).keys()]).not.toContain(name);
  });
});

describe('a gate report', () => {
  it.each([
    ['terminal', 'gate.txt'],
    ['markdown', 'gate.md'],
    ['junit', 'gate.junit.xml'],
    ['github', 'gate.github.txt'],
    ['github-comment', 'gate.comment.md'],
  ])('of every verdict reads in %s as it always has', async (name, file) => {
    await expect(render(name, gateSession())).toMatchFileSnapshot(`../golden/${file}`);
  });
});

describe('terminal', () => {
  it('keeps every line but a command within the screen', () => {
    const lines = render('terminal', gateSession())
      .split('\n')
      .filter((line) => !line.includes('bench:gate'));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
  });

  it('keeps a command on one line', () => {
    const lines = render('terminal', sessionOf('regression'))
      .split('\n')
      .filter((line) => line.includes('bench:gate'));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/--base .* --sink bytes$/);
  });
});

describe('markdown', () => {
  it('keeps every table as wide in each row as in its head', () => {
    const tables = render('markdown', gateSession())
      .split('\n\n')
      .filter((block) => block.startsWith('|'));
    expect(tables).toHaveLength(3);
    for (const table of tables) {
      const widths = table
        .trimEnd()
        .split('\n')
        .map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('lets no name open an element outside a command', () => {
    const prose = render('markdown', gateSession()).replaceAll(/^(`{3,})sh\n.*\n\1$/gm, '');
    expect(prose).toContain(String.raw`evil\<b\>`);
    expect(prose).not.toMatch(/(?<!\\)<b/);
  });

  it('fences a command with more backticks than it holds', () => {
    const session = gateSession();
    const cell = {
      ...session.cells.find(({ verdict }) => verdict === 'inconclusive')!,
      cell: { ...session.cells[0]!.cell, contender: '````' },
    };
    expect(render('markdown', { ...session, cells: [cell] })).toMatch(/^`{5}sh\n.*\n`{5}$/m);
  });
});

describe('json', () => {
  it('gives the session back with every fork, and its file can be read', () => {
    const text = render('json', gateSession());
    const { answer, ...session } = JSON.parse(text) as Record<string, unknown>;
    expect(session).toEqual(JSON.parse(JSON.stringify(gateSession())));
    expect(answer).toContainEqual(expect.stringContaining('3 of 10 cells regressed'));
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')), 'gate.json');
    writeFileSync(file, text);
    expect(readGateSession(file)).toMatchObject(gateSession());
  });
});

describe('junit', () => {
  const text = render('junit', gateSession());

  it('has one test case a cell and counts each kind', () => {
    expect(text.match(/<testcase /g)).toHaveLength(gateSession().cells.length);
    expect(text).toMatch(/<testsuites [^>]*tests="10" failures="3" errors="1" skipped="1"/);
  });

  it('lets no name end a section or an element early', () => {
    const withoutSections = text.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
    expect(withoutSections.replaceAll(/"[^"]*"/g, '')).not.toContain(']]>');
    expect(withoutSections).not.toContain('<b>');
    expect(withoutSections).toContain('evil&lt;b>');
    // Tags without their attributes must nest; a name that broke out of its place would leave one open.
    const open: string[] = [];
    for (const [, closing, tag, self] of withoutSections.matchAll(/<(\/?)([a-z-]+)(?:"[^"]*"|[^"<>])*?(\/?)>/g)) {
      if (closing === '/' && open.at(-1) === tag) open.pop();
      else if (self !== '/') open.push(`${closing}${tag}`);
    }
    expect(open).toEqual([]);
  });

  it('gives the reason of what was skipped', () => {
    const skipped = /<skipped\/>\s*<system-out><!\[CDATA\[([\s\S]*?)\]\]>/.exec(text)?.[1];
    expect(skipped).toContain('only changes above 9.0% would show');
    expect(skipped).toContain('bench:gate');
  });
});

describe('github', () => {
  const lines = render('github', gateSession()).trimEnd().split('\n');

  it('annotates regressions and failures as errors, what is inconclusive as a warning, improvements as a notice', () => {
    expect(lines.map((line) => /^::(\w+) title=(\w+)/.exec(line)?.slice(1).join(' '))).toEqual([
      'error regression',
      'error regression',
      'error regression',
      'error failed',
      'warning inconclusive',
      'notice improvement',
      'notice wirebench',
    ]);
  });

  it('has only the summary where everything passes', () => {
    expect(render('github', sessionOf('pass'))).toBe(
      '::notice title=wirebench gate%3A passed::No cell regressed: 2 of 2 cells pass.\n',
    );
  });

  it('escapes what would end a property, a title or a command', () => {
    const warning = lines.find((line) => line.startsWith('::warning')) ?? '';
    const [, title = '', message = ''] = /^::warning title=([^,:]*)::(.*)$/.exec(warning) ?? [];
    const unescape = (text: string): string =>
      text.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%0A', '\n').replaceAll('%25', '%');
    expect(unescape(title)).toBe(`inconclusive: serialize/${showText(hostileName)}/tools/100/native/bytes`);
    expect(title).toContain('%250A');
    expect(unescape(message).split('\n')).toHaveLength(2);
  });
});

describe('github-comment', () => {
  const reaching =
    '@team a@b.example #12 owner/name#3 GH-4 https://evil.example www.evil.example $x$ <img src=x> [a](b)';

  it('names nobody, links nothing and sets no formula outside of code, where it leaves commands as they are', () => {
    const { cells, ...session } = gateSession();
    const hostile = cells.map((cell) => ({ ...cell, reason: reaching, cell: { ...cell.cell, contender: reaching } }));
    const text = render('github-comment', { ...session, cells: hostile, warnings: [reaching] });
    const fences = [...text.matchAll(/^(`{3,})sh\n(.*)\n\1$/gm)].map(([, , command]) => command);
    expect(fences.length).toBeGreaterThan(0);
    for (const command of fences) expect(command).toContain('@team');
    const prose = text.replaceAll(/^(`{3,})sh\n.*\n\1$/gm, '').replaceAll('<span>$</span>', '');
    expect(prose).toContain(String.raw`@&#8203;team a@&#8203;b.example \#&#8203;12`);
    expect(prose).not.toMatch(
      /@(?!&#8203;)|(?<!&)#(?=\d)|GH-\d|:\/\/|www\.|\$|(?<!\\)<(?!\/?(?:details|summary)>)|(?<!\\)\[/,
    );
  });

  it('says nothing of what is left out where all of it fits', () => {
    expect(render('github-comment', gateSession())).not.toContain('has no room');
  });

  it('loses sentences of its answer only where not even those fit', () => {
    const { cells, ...session } = gateSession();
    const long = cells.map((cell) => ({ ...cell, verdict: 'regression' as const, reason: '@'.repeat(9000) }));
    const text = render('github-comment', { ...session, cells: long });
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text).toContain('has no room');
    expect(text).toMatch(/^# wirebench gate: /);
  });
});
