/**
 * Text of others reaches no person's screen as anything but text: a property over every format and every message.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { runCli } from '../src/cli/run-cli.ts';
import { escapeInJson, showLines, showText } from '../src/foreign-text.ts';
import type { GateSession } from '../src/model/gate.ts';
import type { Block } from '../src/report/document.ts';
import { loadFormatsFor } from '../src/report/formats.ts';
import { reportGate } from '../src/report/gate/gate-report.ts';
import { gateSession } from './report/gate/gate-session.ts';
import { reportRecord, toRun } from './records.ts';
import { metadata, syntheticRun } from './report/run/synthetic-run.ts';

/** What no person's output may hold, beside line breaks. */
const raw = /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** The colours of the terminal's own format. */
// oxlint-disable-next-line no-control-regex -- what is looked for is a control character
const colour = /\u001b\[[\d;]*m/g;

const nasty = [
  '\u001b[2J',
  '\u0007',
  '\u0000',
  '\b\b',
  '\r',
  '\r\n',
  '\n::error::x',
  '\t',
  '\u007f',
  '\u009b31m',
  '\u2028',
  '\u2029',
  '\u061c',
  '\u200b',
  '\u200e',
  '\u200f',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\u{e0041}',
  '\ud800',
  '\udc00',
  '\u00ad',
  '\u2060',
];
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...nasty, '<b>', '|', '`', '](x)', '@a', 'https://x.example', 'a', 'é', '漢', '🛠'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

const unlike = (shown: string): string | undefined => raw.exec(shown)?.[0];

/** The same data with text of somebody else's behind every string that nothing but people read. */
function poison<T>(value: T, suffix: string, keep: ReadonlySet<string>): T {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    typeof inner === 'string' && !keep.has(key) ? inner + suffix : inner,
  ) as T;
}

const kept = new Set([
  'status',
  'verdict',
  'kind',
  'method',
  'variant',
  'sink',
  'outcome',
  'encoding',
  'startedAt',
  'profile',
  'align',
  'tone',
  'stage',
  'node',
]);

describe('text of others', () => {
  it('loses no visible character and keeps no other', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(unlike(showLines(given))).toBeUndefined();
        expect(showText(given)).not.toMatch(/[\n\r]/);
        expect(showText(showText(given))).toBe(showText(given));
      }),
    );
    expect(showText('a\u001b[31m\r\nb\u009b\u202e漢🛠👩‍💻')).toBe('a␛[31m⏎b\ufffd\ufffd漢🛠👩‍💻');
  });

  it('stays what it is in JSON', () => {
    fc.assert(
      fc.property(text, (given) => {
        const json = escapeInJson(JSON.stringify({ given }, null, 1));
        expect(unlike(json)).toBeUndefined();
        expect(JSON.parse(json)).toEqual({ given });
      }),
    );
  });

  it('is text in every format of a run', async () => {
    const formats = await loadFormatsFor('runs');
    await fc.assert(
      fc.asyncProperty(text, async (suffix) => {
        const run = poison(syntheticRun(), suffix, kept);
        for (const [name, format] of formats) {
          for (const color of [false, true]) {
            const shown = await format.render(reportRecord({ run, registry: metadata }), {
              columns: 100,
              color,
              runs: [{ name: `run${suffix}`, run: toRun(run) }],
            });
            expect(`${name}: ${unlike((color ? shown.replaceAll(colour, '') : shown).replaceAll('\r\n', '\n'))}`).toBe(
              `${name}: undefined`,
            );
          }
        }
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('is text in every format of a gate', async () => {
    const formats = await loadFormatsFor('session');
    await fc.assert(
      fc.asyncProperty(text, async (suffix) => {
        const session: GateSession = poison(gateSession(), suffix, kept);
        for (const [name, format] of formats) {
          const shown = await format.render(reportGate(session), { columns: 100, color: false, session });
          expect(`${name}: ${unlike(shown.replaceAll('\r\n', '\n'))}`).toBe(`${name}: undefined`);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is text in any block of a document', async () => {
    const formats = await loadFormatsFor(undefined);
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const row = [{ text: given }, { text: given, code: true as const }];
        const blocks: Block[] = [
          { kind: 'paragraph', text: given },
          { kind: 'note', tone: 'warning', text: given },
          { kind: 'list', items: [{ text: given }] },
          { kind: 'code', text: given },
          {
            kind: 'table',
            caption: given,
            labelTitle: given,
            columns: [
              { title: given, align: 'left' },
              { title: given, align: 'right', overflow: 'truncate' },
            ],
            groups: [{ label: { text: given }, rows: [row] }],
          },
          { kind: 'details', summary: given, blocks: [{ kind: 'section', title: given, blocks: [] }] },
        ];
        for (const [name, format] of formats) {
          const shown = await format.render({ title: given, blocks }, { columns: 100, color: false });
          expect(`${name}: ${unlike(shown.replaceAll('\r\n', '\n'))}`).toBe(`${name}: undefined`);
        }
      }),
    );
  });

  it('is text in messages on stderr, whoever makes them', async () => {
    const argument = nasty.join('x').replaceAll('\u0000', '');
    for (const argv of [
      [argument],
      ['report', argument],
      ['run', `--${argument}`],
      ['run', '--suite', argument],
      ['report', argument, '--format', argument],
    ]) {
      let stderr = '';
      const code = await runCli(argv, {
        stdout: { write: () => true },
        stderr: { write: (part: string) => (stderr += part) },
        env: {},
        cwd: import.meta.dirname,
        signal: new AbortController().signal,
      });
      expect(code).toBe(2);
      expect(stderr).not.toBe('');
      expect(unlike(stderr)).toBeUndefined();
    }
  });
});
