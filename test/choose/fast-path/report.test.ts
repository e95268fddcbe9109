/**
 * What the report says of made-up explanations: every verdict is computed, and what comes from the user is shown
 * safely.
 */
import { describe, expect, it } from 'vitest';

import { kinds } from '../../../src/choose/fast-path/kinds.ts';
import type { Explanation, ExplanationTimes, MeasuredRatio } from '../../../src/model/explanation.ts';
import { reportExplanation } from '../../../src/report/choice/explanation-report.ts';
import terminal from '../../../src/report/formats/terminal.ts';

function render(explanation: Explanation): string {
  return terminal.render(reportExplanation(explanation), { color: false, columns: 100 }).replaceAll(/\s+/g, ' ');
}

const ratio = (lo: number, hi: number): MeasuredRatio => ({ ratio: Math.sqrt(lo * hi), lo, hi, confidence: 0.95 });
const times = (switchedOff: MeasuredRatio): ExplanationTimes => ({ rounds: 5, asItIsNs: 4_000_000, switchedOff });

const clean: Explanation = {
  source: 'sample.json',
  environment: {
    node: '26.0.0',
    v8: '14.0',
    os: 'Linux',
    arch: 'x64',
    cpuModel: 'made up',
    cores: 2,
    memoryBytes: 8e9,
    packages: {},
  },
  runtimeHasFastPath: true,
  takesFastPath: true,
  outputBytes: 1_500_000,
  offences: [],
  times: times(ratio(2.4, 2.6)),
  warnings: [],
};

const guilty: Explanation = {
  ...clean,
  takesFastPath: false,
  cleanedTakesFastPath: true,
  offences: [
    {
      kind: 'date',
      ...kinds.date,
      count: 1200,
      firstPointer: '/3/createdAt',
      cost: { slowdown: ratio(3, 3.2), extraNs: 2_500_000 },
    },
    {
      kind: 'class-instance',
      ...kinds['class-instance'],
      count: 2,
      firstPointer: '/4',
      detail: 'Tool',
      cost: { slowdown: ratio(0.9, 1.2), extraNs: 10_000 },
    },
    { kind: 'proxy', ...kinds.proxy, count: 1, firstPointer: '/5' },
  ],
  times: { ...times(ratio(0.97, 1.01)), cleaned: { latencyNs: 1_000_000, slowdown: ratio(3.9, 4.1) } },
};

describe('the report of a value', () => {
  it('that stays on the fast path says so in one line with the measured factor', () => {
    expect(render(clean)).toContain(
      'The fast path takes this value from end to end: one call takes 4.00 ms, and 2.5x (2.4–2.6x) as long with the fast path switched off.',
    );
    expect(render(clean)).toContain('which agrees');
  });

  it('that leaves it names the first place, the reason and the gain', () => {
    const text = render(guilty);
    expect(text).toContain('wirebench explain: this value leaves the fast path, for 3 reasons');
    expect(text).toContain(`JSON.stringify leaves its fast path at /3/createdAt: a Date. ${kinds.date.why}`);
    expect(text).toContain(
      'One call takes 4.00 ms; with everything below replaced by its plain equivalent it takes 1.00 ms, 4.0x (3.9–4.1x) faster.',
    );
    expect(text).toContain('agrees: there was little or nothing to switch off');
  });

  it('has a row and a remedy for every kind', () => {
    const text = render(guilty);
    expect(text).toMatch(/a Date 1,200 \/3\/createdAt 3\.1x 3\.0–3\.2x \+2\.50 ms/);
    for (const { remedy } of guilty.offences) expect(text).toContain(remedy);
    expect(text).toContain('An instance of a class (here Tool).');
  });

  it('calls no interval that holds 1 a cost, and says what was not measured', () => {
    const text = render(guilty);
    expect(text).toMatch(/class 2 \/4 no difference 0\.90–1\.20x –/);
    expect(text).toMatch(/a Proxy 1 \/5 not measured – –/);
  });

  it('says where the clock contradicts the probe, in both directions', () => {
    expect(render({ ...clean, times: times(ratio(0.7, 0.8)) })).toContain('which contradicts it');
    expect(render({ ...clean, times: times(ratio(0.9, 1.1)) })).toContain(
      'the fast path is worth nothing for this value',
    );
    expect(render({ ...guilty, times: times(ratio(1.8, 2)) })).toContain('which contradicts it.');
    expect(render({ ...guilty, times: times(ratio(0.6, 0.7)) })).toContain(
      'which agrees: the call is faster without the attempt',
    );
  });

  it('claims nothing from a single round', () => {
    const text = render({ ...clean, times: { ...times({ ratio: 2.5 }), rounds: 1 } });
    expect(text).toContain('(1 round); fewer than 3 rounds allow no interval.');
    expect(text).not.toContain('agrees');
  });

  it('on a runtime without the fast path says so and gives the diagnosis', () => {
    const { takesFastPath: _unknown, times: _none, cleanedTakesFastPath: _cleaned, ...rest } = guilty;
    const text = render({ ...rest, runtimeHasFastPath: false });
    expect(text).toContain('JSON.stringify of this runtime has no fast path');
    expect(text).toContain('the value would leave it first at /3/createdAt, a Date.');
    expect(text).not.toContain('slowdown alone');
  });

  it('admits where cleaning was not enough', () => {
    expect(render({ ...guilty, cleanedTakesFastPath: false })).toContain('something is left that was not found');
  });

  it('shows names and pointers from the value as one line without control characters', () => {
    const hostile = '\u001b[2Jname\nnext';
    const offences = [
      {
        kind: 'class-instance' as const,
        ...kinds['class-instance'],
        count: 1,
        firstPointer: `/${hostile}`,
        detail: hostile,
      },
    ];
    const document = JSON.stringify(reportExplanation({ ...guilty, source: hostile, offences, warnings: [hostile] }));
    expect(document).toContain('␛[2Jname⏎next');
    expect(document).not.toContain('\\u001b');
    expect(document).not.toContain('\\n');
  });
});
