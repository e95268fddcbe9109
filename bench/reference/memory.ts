/**
 * The memory of a process that answers all day: whether it grows, and what it has at most, by the way responses are
 * written.
 *
 * `pnpm bench:memory` computes the table from the recording and writes it beside it; with `--record` it measures first: a
 * process for each way, one after the other, each with the same mix of responses in the same order, of which some are
 * always on their way. What counts is memory, so other programs may run meanwhile.
 *
 *     node bench/reference/memory.ts --record --responses 100000
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { hasSucceeded, runToEnd } from '../../src/process/child.ts';
import { median } from '../../src/stats/center.ts';
import { ways } from './memory/answer-all-day.ts';
import { openRecording, tableOf } from './recording.ts';

/** What one process gave. */
interface Line {
  readonly way: string;
  readonly responses: number;
  readonly bytes: number;
  /** Resident memory at even steps, in bytes. */
  readonly rss: readonly number[];
  readonly peakRss: number;
  /** Pages of memory that the system had to bring in for a megabyte of responses, after the first quarter. */
  readonly pagesPerMb: number;
}

const { values } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    responses: { type: 'string', default: '100000' },
    out: { type: 'string', default: path.join('results', 'memory') },
  },
});
const recording = openRecording<Line>(values.out, 'processes.jsonl');

if (values.record) {
  for (const way of Object.keys(ways)) recording.append(await measure(way));
}
recording.show(report(recording.read()));

async function measure(way: string): Promise<Line> {
  const program = fileURLToPath(new URL('memory/answer-all-day.ts', import.meta.url));
  const ended = await runToEnd({
    command: [process.execPath, program, way, values.responses],
    env: process.env,
  });
  if (!hasSucceeded(ended)) throw new Error(`the process of ${way} failed:\n${ended.stderr}`);
  process.stderr.write(`${way} is done\n`);
  return JSON.parse(ended.answer) as Line;
}

function report(lines: readonly Line[]): string {
  const rows = Object.entries(ways).flatMap(([way, { title }]) => {
    const own = lines.filter((line) => line.way === way);
    if (own.length === 0) return [];
    return [
      [
        title,
        inMb(median(own.map(({ rss }) => median(part(rss, 1))))),
        inMb(median(own.map(({ rss }) => median(part(rss, 3))))),
        inMb(median(own.map(({ peakRss }) => peakRss))),
        median(own.map(({ pagesPerMb }) => pagesPerMb)).toFixed(0),
      ],
    ];
  });
  const { responses, bytes } = lines[0] ?? { responses: 0, bytes: 0 };
  return [
    '# What memory a process has that answers all day',
    '',
    `${responses.toLocaleString('en')} responses, ${Math.round(bytes / 1e9)} GB in all: mostly small answers, lists of 10 to 1,000 tools and of servers, now and then 5,000 tools; eight at a time are on their way. Resident memory in MB, the middle of a quarter of the time; and pages that the system brought in anew, since they had been given back to it, for each MB of responses (244 pages of 4 KiB).`,
    '',
    tableOf(['responses are written by', 'second quarter', 'last quarter', 'peak', 'pages a MB'], rows),
    '',
    'Made by `pnpm bench:memory` from processes.jsonl.',
    '',
  ].join('\n');
}

/** @param index of the quarter, from 0. */
function part(samples: readonly number[], index: number): readonly number[] {
  return samples.slice(Math.floor((index * samples.length) / 4), Math.floor(((index + 1) * samples.length) / 4));
}

function inMb(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
