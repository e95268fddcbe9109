/**
 * Holds recommendations against a longer measurement: `choose` on each document, then a thorough run of the same cells.
 *
 * A recommendation is confirmed where the thorough run shows no accepted contender to be faster by enough to matter,
 * which is what `choose` claims. Prints a Markdown table; with `--out FILE` it goes there, too. Deliberately absent:
 * the documents, which are other people's.
 *
 *     node bench/reference/choices.ts --out results/reference/choices.md a.json b.json
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { medianOf, speedupOf } from '../../src/compare/cells.ts';
import { pairedSpeedup } from '../../src/compare/ratios.ts';
import type { Cell } from '../../src/model/cell.ts';
import type { Speedup } from '../../src/model/metric.ts';
import { fromRecord } from '../../src/run-file/read.ts';
import type { RunRecord } from '../../src/run-file/records.ts';
import type { Choice } from '../../src/model/choice.ts';
import { hasSucceeded, startChild } from '../../src/process/child.ts';
import { describeDeath } from '../../src/process/death.ts';
import { tableOf } from './recording.ts';

const explanation = [
  'Each document went through `wirebench choose`, then through `wirebench run --thorough --suite serialize` with every',
  'contender that was right and accepted. Confirmed: that run shows none of them to gain enough on the recommended one to',
  "matter, which is what `choose` claims. Speeds are against json-stringify; the rival's is against the recommended one.",
  'Written by bench/reference/choices.ts.',
].join('\n');

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const { positionals, values } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-choices-'));
try {
  const rows: string[][] = [];
  let environment: Choice['environment'] | undefined;
  for (const source of positionals) {
    const choice = await choose(source);
    ({ environment } = choice);
    rows.push(await confirm(source, choice));
  }
  const heads = [
    'document',
    'size',
    'recommended',
    'speed in choose',
    'speed in the thorough run',
    'least favourable rival there',
    'out',
    'confirmed',
  ];
  const table = tableOf(heads, rows);
  const where =
    environment === undefined ? '' : `Node ${environment.node}, ${environment.cpuModel}, ${environment.cores} cores`;
  const text = `# Recommendations, confirmed\n\n${explanation}\n\n${where}\n\n${table}\n`;
  process.stdout.write(text);
  if (values.out !== undefined) writeFileSync(values.out, text);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** Runs the program, with its progress on this one's stderr. */
async function call(options: readonly string[]): Promise<void> {
  const child = startChild({
    command: [process.execPath, program, ...options],
    env: process.env,
    talksOver: 'nothing',
    onStderr: (text) => process.stderr.write(text),
  });
  const ended = await child.ended;
  if (!hasSucceeded(ended)) throw new Error(`wirebench ${options[0]} ${describeDeath(ended)}`);
}

async function choose(source: string): Promise<Choice> {
  await call(['choose', '--sample', source, '--out', directory]);
  return JSON.parse(readFileSync(path.join(directory, 'choice.json'), 'utf8')) as Choice;
}

async function confirm(source: string, choice: Choice): Promise<string[]> {
  const [{ candidates, recommendation }] = choice.runtimes;
  if (recommendation === undefined) throw new Error(`${source}: no recommendation to confirm`);
  const { contender, reference } = recommendation;
  const rivals = candidates
    .filter(({ standing }) => standing === 'tied' || standing === 'slower' || standing === 'screened')
    .map((rival) => rival.contender);
  await call([
    'run',
    '--thorough',
    '--suite',
    'serialize',
    '--sink',
    'bytes',
    '--contender',
    [contender, ...rivals].join(','),
    '--sample',
    source,
    '--out',
    directory,
  ]);
  const record = JSON.parse(readFileSync(path.join(directory, 'run.json'), 'utf8')) as RunRecord;
  const { cells } = fromRecord(record, []);
  const own = cells.find(({ id }) => id.contender === contender);
  if (own === undefined) throw new Error(`${source}: ${contender} was not measured again`);

  const against = rivals.flatMap((rival) => {
    const cell = cells.find(({ id }) => id.contender === rival);
    const ratio = cell === undefined ? undefined : pairedSpeedup({ subject: cell, against: own });
    return cell === undefined || ratio?.lo === undefined || ratio.hi === undefined
      ? []
      : [{ rival, cell, mean: ratio.mean, lo: ratio.lo, hi: ratio.hi }];
  });
  const contradicting = against.filter(
    ({ cell, lo }) => lo > 1 + choice.margin && timeOf(own) - timeOf(cell) > choice.leastSavingNs,
  );
  const [worst] = against.toSorted((a, b) => b.mean - a.mean);
  const out = candidates.filter(({ standing }) => standing === 'excluded').map((candidate) => candidate.contender);
  const isConfirmed = own.status === 'ok' && contradicting.length === 0;
  return [
    path.basename(source),
    `${(statSync(source).size / 1e6).toPrecision(3)} MB`,
    contender,
    contender === reference ? 'reference' : showRatio(recommendation.overReference),
    contender === reference ? 'reference' : showRatio(speedupOf(own)),
    worst === undefined
      ? 'none'
      : `${worst.rival} ${worst.mean.toFixed(2)}x (${worst.lo.toFixed(2)}–${worst.hi.toFixed(2)}x)`,
    out.join(', ') || 'nobody',
    isConfirmed ? 'yes' : `no: ${contradicting.map(({ rival }) => rival).join(', ')} gain more`,
  ];
}

function timeOf(cell: Cell): number {
  return medianOf(cell, 'latencyNs') ?? Number.NaN;
}

function showRatio(speedup: Speedup | undefined): string {
  if (speedup === undefined) return '–';
  const { ratio, lo, hi } = speedup;
  return lo === undefined || hi === undefined
    ? `${ratio.toFixed(2)}x`
    : `${ratio.toFixed(2)}x (${lo.toFixed(2)}–${hi.toFixed(2)}x)`;
}
