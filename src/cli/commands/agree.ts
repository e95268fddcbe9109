/**
 * `wirebench agree`: says how well two runs agree, which is how far either of them can be trusted.
 *
 * Micro-benchmarks and what was measured over HTTP are told apart; the reader draws the conclusion.
 */
import { compareRuns, type RunAgreement } from '../../compare/agreement.ts';
import { nameCell } from '../../compare/cells.ts';
import { metricsOfAll } from '../../compare/metrics.ts';
import type { Cell } from '../../model/cell.ts';
import type { Run } from '../../model/run.ts';
import { tellMissing } from '../../report/parts/shard-lines.ts';
import { formatCount, formatPercent, formatRatio } from '../../report/quantities.ts';
import { showText } from '../../foreign-text.ts';
import { readPath } from '../../runs/name-runs.ts';
import { readGivenRun } from '../../runs/read-given-runs.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand } from '../command.ts';
import { tell } from '../progress.ts';

const command: CliCommand = defineCommand({
  summary: 'say how well the ratios of two runs agree',
  declare: (agree) =>
    agree
      .argument('<first>', 'a run.json, or the directory that holds it or the shards of a run')
      .argument('<second>', 'another run of the same plan'),

  async run({ args }, io) {
    const runs: Run[] = [];
    for (const arg of args) runs.push((await readGivenRun(readPath(arg, io.cwd), io)).run);
    const [first, second] = runs as [Run, Run];
    for (const [index, run] of runs.entries()) {
      const missing = tellMissing(run);
      if (missing !== undefined) tell(io, `'${args[index]}' is incomplete: ${missing}`);
    }
    const speedups = compareRuns(first.cells, second.cells, metricsOfAll(runs, 'fork'));
    const overHttp = compareRuns(first.http?.cells ?? [], second.http?.cells ?? [], metricsOfAll(runs, 'load'));
    const lines = [
      ...tellAgreement(speedups, { what: 'speedups', isByMetric: false }),
      ...tellAgreement(overHttp, { what: 'ratios over HTTP', isByMetric: true }),
    ];
    if (lines.length === 0)
      throw new UserError('the two runs have no ratio in common', { hint: 'measure the same cells twice' });
    io.stdout.write(lines.map((line) => `${showText(line)}\n`).join(''));
    return 0;
  },
});

export default command;

function tellAgreement<C extends Cell>(
  agreement: RunAgreement<C> | undefined,
  { what, isByMetric }: { readonly what: string; readonly isByMetric: boolean },
): string[] {
  if (agreement === undefined) return [];
  const { all, byMetric } = agreement;
  const metrics = byMetric.map(({ metric, agreement: { ratios, medianDifference, overlapping } }) => {
    const [difference, overlap] = [formatPercent(medianDifference), formatPercent(overlapping)];
    return `${metric.title}: ${formatCount(ratios)} ratios, median relative difference ${difference}, intervals overlap in ${overlap}`;
  });
  const apart = all.apart.map(({ cell, metric, first, second }) => {
    const name = [nameCell(cell.id), ...(isByMetric ? [metric.title] : [])].join(', ');
    return `apart: ${name}: ${formatRatio(first)}, then ${formatRatio(second)}`;
  });
  return [
    `${formatCount(all.ratios)} ${what} in both runs`,
    `median relative difference ${formatPercent(all.medianDifference)}`,
    `intervals overlap in ${formatPercent(all.overlapping)} of them`,
    ...(isByMetric ? metrics : []),
    ...apart,
  ];
}
