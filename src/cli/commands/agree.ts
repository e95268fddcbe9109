/**
 * `wirebench agree`: says how well two runs agree, which is how far either of them can be trusted.
 */
import path from 'node:path';

import type { Command } from 'commander';

import { compareRuns } from '../../compare/agreement.ts';
import { formatCount, formatPercent, formatRatio } from '../../report/quantities.ts';
import { readRun } from '../../store/run-file.ts';
import type { ExitCode } from '../../user-error.ts';
import { UserError } from '../../user-error.ts';
import type { CliCommand } from '../command.ts';

const command: CliCommand = {
  summary: 'say how well the speedups of two runs agree',

  configure(agree: Command): void {
    agree.argument('<first>', 'a run.json').argument('<second>', 'another run.json of the same plan');
  },

  async run({ args }, io): Promise<ExitCode> {
    const [first, second] = args.map((file) => readRun(path.resolve(io.cwd, file)));
    const agreement = compareRuns(first?.cells ?? [], second?.cells ?? []);
    if (agreement === undefined) {
      throw new UserError('the two runs have no speedup in common', { hint: 'measure the same cells twice' });
    }
    const { cells, medianDifference, overlapping, apart } = agreement;
    io.stdout.write(`${formatCount(cells)} speedups in both runs\n`);
    io.stdout.write(`median relative difference ${formatPercent(medianDifference)}\n`);
    io.stdout.write(`intervals overlap in ${formatPercent(overlapping)} of them\n`);
    for (const { cell, first: a, second: b } of apart) {
      const { suite, contender, payload, items, variant, sink } = cell;
      io.stdout.write(`apart: ${[suite, contender, payload, items, variant, sink].join('/')}: ${formatRatio(a)}, then ${formatRatio(b)}\n`);
    }
    return 0;
  },
};

export default command;
