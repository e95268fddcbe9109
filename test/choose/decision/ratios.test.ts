/**
 * Ratios of a choice beside the times that they are made of: in every row of every table the one follows from the
 * others.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decide } from '../../../src/choose/decision/decide.ts';
import type { Choice, RuntimeChoice } from '../../../src/model/choice.ts';
import { reportChoice } from '../../../src/report/choice/choice-report.ts';
import { reportDecision } from '../../../src/report/choice/decision-record.ts';
import type { Block, Document, Table } from '../../../src/report/document.ts';
import { choice as synthetic } from '../../report/choice/synthetic-choice.ts';
import { cell, contender, part, reference, request } from '../synthetic-workload.ts';

const contenders = [
  contender(reference),
  contender('quick'),
  contender('steady'),
  contender('binary', ['binary']),
  contender('behind'),
];
const parts = [
  { ...part, share: 0.7 },
  { ...part, payload: 'other', share: 0.3 },
];

/** Times of each contender and part: the first look, and rounds of which an interruption may have left some out. */
const time = fc.double({ min: 100, max: 1e7, noNaN: true });
const sessions = fc.record({
  looks: fc.array(fc.tuple(time, time), { minLength: contenders.length, maxLength: contenders.length }),
  rounds: fc.array(fc.array(fc.tuple(time, time), { maxLength: 6 }), { minLength: 3, maxLength: 3 }),
});

function decideOn({ looks, rounds }: typeof sessions extends fc.Arbitrary<infer T> ? T : never): RuntimeChoice {
  const cellsOf = (id: string, times: readonly (readonly [number, number])[]) =>
    parts.map(({ payload }, index) =>
      cell(
        id,
        times.map((pair) => pair[index] as number),
        { payload },
      ),
    );
  const firstLook = contenders.flatMap(({ id }, index) => cellsOf(id, [looks[index] as [number, number]]));
  // Only the first three get to the rounds; a contender without one has no cell there.
  const cells = rounds.flatMap((times, index) =>
    times.length === 0 ? [] : cellsOf((contenders[index] as { id: string }).id, times),
  );
  return { runtime: 'node 26.0.0', ...decide(request(contenders, cells, { parts, firstLook })) };
}

function tablesOf({ blocks }: Pick<Document, 'blocks'>): Table[] {
  return blocks.flatMap((block: Block) => {
    if (block.kind === 'table') return [block];
    return block.kind === 'section' || block.kind === 'details' ? tablesOf(block) : [];
  });
}

const units: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };

function readTime(text: string): number {
  const [figure = '', unit = ''] = text.split(' ');
  return Number(figure) * (units[unit] ?? Number.NaN);
}

/**
 * What a row says, as a reader would check it; `expected` from the times, within their three digits and the ratio's
 * own.
 */
function disagreements(table: Table): string[] {
  const titles = table.columns.map(({ title }) => title);
  const [timeAt, ratioAt] = [titles.indexOf('a response'), titles.indexOf('speed against the reference')];
  if (timeAt === -1 || ratioAt === -1 || titles[0] === 'runtime') return [];
  const rows = table.groups.flatMap((group) => group.rows);
  const referenceRow = rows.find((row) => row[ratioAt]?.text === 'reference');
  return rows.flatMap((row) => {
    const shown = row[ratioAt]?.text ?? '';
    if (row === referenceRow || shown === '–') return [];
    if (referenceRow === undefined) return [`${row[0]?.text}: a ratio to a reference that is not in its table`];
    const [ratioText = ''] = shown.split('x');
    const ratio = Number(ratioText);
    const expected = readTime(referenceRow[timeAt]?.text ?? '') / readTime(row[timeAt]?.text ?? '');
    const step = 10 ** -(ratioText.split('.')[1]?.length ?? 0) / 2;
    return Math.abs(ratio - expected) <= step + expected * 0.011
      ? []
      : [`${row[0]?.text}: ${shown} beside ${row[timeAt]?.text}, where ${expected} follows`];
  });
}

describe('in every table of a choice', () => {
  it("a ratio is the reference's time over the time beside it", () => {
    let ratios = 0;
    fc.assert(
      fc.property(sessions, (session) => {
        const own = decideOn(session);
        const choice: Choice = { ...synthetic, runtimes: [own, { ...own, runtime: 'node 22.0.0' }] };
        const tables = [...tablesOf(reportChoice(choice)), ...tablesOf(reportDecision(choice))];
        expect(tables.flatMap(disagreements)).toEqual([]);
        ratios += own.candidates.filter(({ speedup }) => speedup !== undefined).length;
      }),
      { seed: 1, numRuns: 200 },
    );
    expect(ratios).toBeGreaterThan(400);
  });

  it('the choice itself says what its figures rest on', () => {
    const { candidates } = decideOn({
      looks: [
        [1000, 1000],
        [900, 900],
        [800, 800],
        [10, 10],
        [5000, 5000],
      ],
      rounds: [
        [
          [500, 500],
          [510, 510],
        ],
        [
          [400, 400],
          [410, 410],
        ],
        [[300, 300]],
      ],
    });
    const evidence = Object.fromEntries(
      candidates.map((own) => [
        own.contender,
        [own.evidence, own.rounds, own.costNs?.median, own.speedup?.ratio.toFixed(3)],
      ]),
    );
    // The third round was cut off for one of them, so that nobody is shown by it.
    expect(evidence).toEqual({
      plain: ['rounds', 1, 500, undefined],
      quick: ['rounds', 1, 400, '1.250'],
      steady: ['rounds', 1, 300, '1.667'],
      binary: ['first-look', 1, 10, '100.000'],
      behind: ['first-look', 1, 5000, '0.200'],
    });
  });

  it('whoever is called the fastest reading has the shortest time', () => {
    fc.assert(
      fc.property(sessions, (session) => {
        const { candidates, recommendation } = decideOn(session);
        fc.pre(recommendation !== undefined);
        const eligible = candidates.filter(({ standing }) => ['recommended', 'tied', 'slower'].includes(standing));
        const least = Math.min(...eligible.map(({ costNs }) => costNs?.median ?? Number.NaN));
        expect(eligible.find(({ contender: id }) => id === recommendation?.best)?.costNs?.median).toBe(least);
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});
