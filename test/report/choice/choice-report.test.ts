import { describe, expect, it } from 'vitest';

import type { Choice, RuntimeChoice } from '../../../src/model/choice.ts';
import { reportChoice } from '../../../src/report/choice/choice-report.ts';
import { tellAnswer } from '../../../src/report/choice/choice-sentences.ts';
import { reportDecision } from '../../../src/report/choice/decision-record.ts';
import markdown from '../../../src/report/formats/markdown.ts';
import terminal from '../../../src/report/formats/terminal.ts';
import { choice } from './synthetic-choice.ts';

const [own, ...others] = choice.runtimes;
const withOwn = (changes: Partial<RuntimeChoice>): Choice => ({
  ...choice,
  runtimes: [{ ...own, ...changes }, ...others],
});
const recommendation = own.recommendation ?? expect.fail('the synthetic choice has a recommendation');

describe('the answer', () => {
  it('names the choice, its gain with the interval, what it asks for, who is as good, who is wrong, and what it is worth', () => {
    const answer = tellAnswer(choice);
    expect(answer).toContain(
      'Use fast. A response takes 500 µs, 2.0x (1.9–2.1x) the speed of plain. It asks for a package.',
    );
    expect(answer).toContain('faster is not shown to gain more than 5% and 1.00 µs on it and asks for more');
    expect(answer).toContain('wrong does not write this data right and is out.');
    expect(answer).toContain(
      'At 1,200 responses a second serializing takes 0.60 cores, 0.60 cores less than with plain.',
    );
    expect(answer).toContain('The network gives out first, at 1,042 uncompressed responses a second');
    expect(answer).toContain('at most 4.0% more time');
    expect(answer).toContain('under node 22.1.0 it is plain');
  });

  it('stays with the reference where nothing gains enough', () => {
    const answer = tellAnswer(
      withOwn({
        recommendation: { ...recommendation, contender: 'plain', best: 'fast', tiedWith: ['fast'], bottlenecks: [] },
      }),
    );
    expect(answer).toContain(
      'Stay with plain. A response takes 1.00 ms, and nothing that was accepted is shown to gain more than 5% and 1.00 µs.',
    );
    expect(answer).toContain('the fastest reading, of fast, comes with a package');
  });

  it('says why there is none', () => {
    const { recommendation: _none, ...without } = own;
    const stopped: Choice = { ...choice, interrupted: true, runtimes: [without, ...others] };
    expect(tellAnswer(stopped)).toContain('stopped before three rounds');
    const { interrupted: _not, ...whole } = stopped;
    expect(tellAnswer(whole)).toContain('right on this data is also accepted');
  });

  it('says that a switch adds no capacity where nothing is near its limit', () => {
    const [load, ...rest] = recommendation.bottlenecks;
    const idle =
      load === undefined
        ? []
        : [{ ...load, wires: load.wires.map((wire) => ({ ...wire, limitedBy: 'neither' as const })) }];
    expect(tellAnswer(withOwn({ recommendation: { ...recommendation, bottlenecks: [...idle, ...rest] } }))).toContain(
      'adds no capacity',
    );
  });
});

describe('the report of a choice', () => {
  const options = { color: false, columns: 160 };
  const text = terminal.render(reportChoice(choice), options);

  it('begins with the answer', () => {
    expect(text.indexOf('Use fast.')).toBeLessThan(text.indexOf('Time of an average response'));
  });

  it('has a row for whoever was measured and a reason for whoever is out', () => {
    expect(text).toContain('as good, less simple');
    expect(text).toContain('6 responses');
    expect(text).toContain('packed needs clients that read its binary format, which nobody accepted (--accept binary)');
    expect(text).toContain('wrong: incorrect: at /0/note: wrote "a" where');
  });

  it('shows a runtime that cannot be had with its reason', () => {
    expect(text).toMatch(/bun@1\s.*not available/);
    expect(text).toContain('no such package');
  });

  it('says what JavaScript changes in the data and which types it might hold', () => {
    expect(text).toContain('12345678901234567890 becomes 12345678901234567000');
    expect(text).toContain('--types /*/createdAt=date');
  });

  it('lets nothing of the data reach the terminal as a control character', () => {
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/\u001B/);
  });

  it('marks snippets as JavaScript in Markdown', () => {
    expect(markdown.render(reportChoice(choice))).toContain('```js\nimport { createServer }');
  });

  it('says so where there is no snippet', () => {
    expect(terminal.render(reportChoice({ ...choice, snippets: [] }), options)).toContain(
      'There is no snippet for fast',
    );
  });

  it('renders without any measured candidate', () => {
    const bare: Choice = {
      ...choice,
      interrupted: true,
      snippets: [],
      runtimes: [{ runtime: 'node 26.0.0', candidates: [] }],
    };
    expect(terminal.render(reportChoice(bare), options)).toContain('No recommendation');
  });
});

describe('the decision record', () => {
  const text = markdown.render(reportDecision(choice));

  it('has the headings of such records, in their order', () => {
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Status', 'Context', 'Decision', 'Evidence', 'Alternatives', 'Consequences']);
  });

  it('tells the decision, every alternative with its figure or reason, and the consequences', () => {
    expect(text).toContain('# Response serializer: fast');
    expect(text).toContain('The gateway sends 1,200 responses a second.');
    for (const { contender } of own.candidates.slice(1)) expect(text).toMatch(new RegExp(`^- ${contender}[: ]`, 'm'));
    expect(text).toContain('One more package has to be kept up to date.');
    expect(text).toContain('wirebench choose --sample tools.json');
  });

  it('stays open without a recommendation', () => {
    const { recommendation: _none, ...without } = own;
    expect(markdown.render(reportDecision({ ...choice, runtimes: [without] }))).toContain(
      'Open: nothing can be recommended',
    );
  });
});
