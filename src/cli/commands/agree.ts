/**
 * `wirebench agree`: says how well two runs agree, which is how far either of them can be trusted.
 *
 * Micro-benchmarks and what was measured over HTTP are told apart; the reader draws the conclusion.
 */
import path from 'node:path';

import { type Agreement, compareHttpRuns, compareRuns } from '../../compare/agreement.ts';
import { nameLoad } from '../../compare/http-cells.ts';
import type { Cell } from '../../model/cell.ts';
import type { Run } from '../../model/run.ts';
import { lookOf } from '../../report/http/http-figures.ts';
import { formatCount, formatPercent, formatRatio } from '../../report/quantities.ts';
import { showText } from '../../foreign-text.ts';
import { readStoredRun } from '../../runs/stored-run.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand } from '../command.ts';

const command: CliCommand = defineCommand({
  summary: 'say how well the ratios of two runs agree',
  declare: (agree) => agree.argument('<first>', 'a run.json').argument('<second>', 'another run.json of the same plan'),

  async run({ args }, io) {
    const [first, second] = args.map((file) => readStoredRun(path.resolve(io.cwd, file))) as [Run, Run];
    const lines = [...tellCells(first, second), ...tellHttp(first, second)];
    if (lines.length === 0)
      throw new UserError('the two runs have no ratio in common', { hint: 'measure the same cells twice' });
    io.stdout.write(lines.map((line) => `${showText(line)}\n`).join(''));
    return 0;
  },
});

export default command;

function tellCells(first: Run, second: Run): string[] {
  const agreement = compareRuns(first.cells, second.cells);
  if (agreement === undefined) return [];
  return [
    `${formatCount(agreement.cells)} speedups in both runs`,
    `median relative difference ${formatPercent(agreement.medianDifference)}`,
    `intervals overlap in ${formatPercent(agreement.overlapping)} of them`,
    ...tellApart(agreement, ({ suite, contender, payload, items, variant, sink }: Cell) =>
      [suite, contender, payload, items, variant, sink].join('/'),
    ),
  ];
}

function tellHttp(first: Run, second: Run): string[] {
  const agreement = compareHttpRuns(first.http?.cells ?? [], second.http?.cells ?? []);
  if (agreement === undefined) return [];
  const { all, byMetric } = agreement;
  return [
    `${formatCount(all.cells)} ratios over HTTP in both runs`,
    `median relative difference ${formatPercent(all.medianDifference)}`,
    `intervals overlap in ${formatPercent(all.overlapping)} of them`,
    ...byMetric.map(({ metric, agreement: { cells, medianDifference, overlapping } }) => {
      const [difference, overlap] = [formatPercent(medianDifference), formatPercent(overlapping)];
      return `${lookOf(metric).title}: ${formatCount(cells)} ratios, median relative difference ${difference}, intervals overlap in ${overlap}`;
    }),
    ...tellApart(
      all,
      ({ cell, metric }) =>
        `${[cell.suite, cell.scenario, nameLoad(cell.load), cell.contender].join('/')}, ${lookOf(metric).title}`,
    ),
  ];
}

function tellApart<T>({ apart }: Agreement<T>, name: (cell: T) => string): string[] {
  return apart.map(
    ({ cell, first, second }) => `apart: ${name(cell)}: ${formatRatio(first)}, then ${formatRatio(second)}`,
  );
}
