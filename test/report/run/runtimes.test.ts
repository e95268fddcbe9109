/**
 * One contender beside the reference under several runtimes: each in its place, in words and in tables.
 */
import { describe, expect, it } from 'vitest';

import type { Document } from '../../../src/report/document.ts';
import { reportRuntimes } from '../../../src/report/run/runtimes.ts';
import type { OtherRuntime } from '../../../src/model/environment.ts';
import { toRun } from '../../records.ts';
import { metadata, syntheticRun } from './synthetic-run.ts';

function runUnder(runtime: OtherRuntime | undefined, scale: (ratio: number) => number = (ratio) => ratio) {
  const run = syntheticRun();
  const { environment, cells } = run;
  const scaled = cells.map(({ speedup, ...cell }) =>
    speedup === undefined || speedup.lo === undefined || speedup.hi === undefined
      ? { ...cell, ...(speedup === undefined ? {} : { speedup }) }
      : {
          ...cell,
          speedup: { ...speedup, ratio: scale(speedup.ratio), lo: scale(speedup.lo), hi: scale(speedup.hi) },
        },
  );
  return toRun({
    ...run,
    environment: { ...environment, ...(runtime === undefined ? {} : { runtime }) },
    cells: scaled,
  });
}

const runs = [
  runUnder({ name: 'bun', version: '1.2.3' }),
  runUnder({ name: 'node', version: '100.0.0' }),
  runUnder({ name: 'node', version: '22.1.0' }, (ratio) => ratio / 4),
];

function report(): Document {
  return reportRuntimes({ runs, registry: metadata, suite: 'speed', payload: 'list', contender: 'compiled' });
}

describe('a contender under several runtimes', () => {
  it('has a row a runtime, versions of Node.js by their numbers and before the others', () => {
    const [speedups, speeds] = report().blocks.filter((block) => block.kind === 'table');
    for (const table of [speedups, speeds]) {
      expect(table?.columns.map(({ title }) => title)).toEqual(['runtime', '10', '100', '1,000']);
      const names = table?.groups.map(({ rows }) =>
        rows.map((row) => row.find(({ text }) => /\d\.\d/.test(text))?.text),
      );
      const order = ['Node 22.1.0', 'Node 100.0.0', 'Bun 1.2.3'];
      expect(names).toEqual([order, order]);
    }
  });

  it('says of each where the contender is ahead, and between which versions of Node.js that turns', () => {
    const list = report().blocks.find((block) => block.kind === 'list');
    const sentences = list?.items.map(({ text }) => text) ?? [];
    const [turn, slow, fast, other] = sentences.filter((text) => /objects/.test(text));
    expect(turn).toBe(
      'Where datetimes and UUIDs are objects, from Node 22.1.0 to Node 100.0.0 compiled overtakes plain at 10, 100 and 1,000 items.',
    );
    expect(slow).toMatch(
      /^Node 22\.1\.0: compiled beside plain is .* text; slower at 10, 100 and 1,000 items \(0\.5\d*x to 0\.6\d*x\) where datetimes and UUIDs are objects\.$/,
    );
    expect(fast).toMatch(
      /^Node 100\.0\.0: .* faster at 10, 100 and 1,000 items \(2\.\dx to 2\.\dx\) where .* objects\.$/,
    );
    expect(other).toBe(fast?.replace('Node 100.0.0', 'Bun 1.2.3'));
  });

  it('says of contenders without a cell that they were not measured', () => {
    const { blocks } = reportRuntimes({
      runs,
      registry: metadata,
      suite: 'speed',
      payload: 'list',
      contender: 'nobody',
    });
    const list = blocks.find((block) => block.kind === 'list');
    expect(list?.items[0]?.text).toContain('Node 22.1.0: nobody beside plain is not measured where');
  });
});
