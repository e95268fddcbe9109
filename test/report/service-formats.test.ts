/**
 * What github-action-benchmark and Bencher do with the files that are written for them, held against their own parsers.
 *
 * Neither parser is in a package of the registry, so what stands here are their rules, read in their sources:
 * benchmark-action/github-action-benchmark at c38cce9 (src/extract.ts, extractRangeInfo.ts, normalizeValueByUnit.ts,
 * addBenchmarkEntry.ts, write.ts) and bencherdev/bencher at 8d75325 (lib/bencher_adapter/src/adapters/json.rs,
 * lib/bencher_valid/src/{name_id,slug,benchmark_name}.rs, lib/bencher_json/src/project/{metric,measure}).
 */
import { beforeAll, describe, expect, it } from 'vitest';

import { loadRegistry } from '../../src/registry/registry.ts';
import type { MicroCellRecord, RunRecord } from '../../src/run-file/records.ts';
import type { Document } from '../../src/report/document.ts';
import bencher from '../../src/report/formats/bencher.ts';
import githubActionBenchmark from '../../src/report/formats/github-action-benchmark.ts';
import { UserError } from '../../src/user-error.ts';
import { toRun } from '../records.ts';
import { syntheticHttpRun } from './http/synthetic-http.ts';
import { syntheticRun } from './run/synthetic-run.ts';

beforeAll(() => {
  process.stderr.write(
    'github-action-benchmark and Bencher are in no package of the npm registry: tested are the rules of their sources\n',
  );
});

const nobody: Document = { title: 't', blocks: [] };
const optionsOf = (...runs: RunRecord[]) => ({
  color: false,
  columns: 100,
  runs: runs.map((run, index) => ({ name: `run ${index + 1}`, run: toRun(run) })),
});
const kinds: readonly [string, RunRecord][] = [
  ['micro-benchmarks', syntheticRun()],
  ['a session over HTTP', syntheticHttpRun()],
];

function withCell(changes: Partial<MicroCellRecord>, count = 1): RunRecord {
  const run = syntheticRun();
  const cell = run.cells.find(({ contender, speedup }) => contender === 'compiled' && speedup !== undefined);
  if (cell === undefined) throw new Error('the made-up run has no such cell');
  return { ...run, cells: Array.from({ length: count }, () => ({ ...cell, ...changes })) };
}

describe.each(kinds)('github-action-benchmark, of %s', (_kind, run) => {
  const entries = JSON.parse(githubActionBenchmark.render(nobody, optionsOf(run))) as Record<string, unknown>[];

  it('is a list that is not empty, of a name, a value, a unit, and perhaps a range and more text', () => {
    expect(entries.length).toBeGreaterThan(0);
    for (const { name, value, unit, range = '', extra = '', ...rest } of entries) {
      expect([typeof name, typeof value, typeof unit, typeof range, typeof extra, rest]).toEqual([
        'string',
        'number',
        'string',
        'string',
        'string',
        {},
      ]);
    }
  });

  it('has no figure that the action would turn into another one: null, true and "" become numbers there', () => {
    expect(entries.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  });

  it('tells entries apart by name, since the earlier figure is found by it', () => {
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  });

  it('has a unit that is not converted, and no range that would be with it', () => {
    const converted = /^(?:[nmu]?s|µs|μs)(?:\/iter)?$|^ops\/(?:[nmu]?s|µs|μs)$/i;
    expect(entries.filter(({ unit }) => converted.test(String(unit).trim()))).toEqual([]);
    expect(entries.filter(({ range }) => range !== undefined).length).toBeGreaterThan(0);
    expect(entries.filter(({ range }) => /(?:\+-|±)\s*\d/.test(String(range)))).toEqual([]);
  });

  it('goes with customBiggerIsBetter: what is worse has the smaller figure', () => {
    const first = entries[0];
    expect(first?.['extra']).toMatch(/^(?:time\(.+\) \/ time of this one|requests\/s of this one \/ requests\/s of )/);
  });
});

/** As Bencher makes one: what is its own slug is a slug. Of ASCII alone, which all of ours are. */
const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** What is wrong with a file, as the parser would see it; it gives up on all of it at the first of these. */
function problemsOfBencher(text: string): string[] {
  const optional = (value: unknown): boolean => value === undefined || value === null || Number.isFinite(value);
  return Object.entries(JSON.parse(text) as Record<string, Record<string, Record<string, unknown>>>).flatMap(
    ([name, measures]) => [
      ...(name === '' || bytesOf(name) > 1024 ? [`the benchmark's name: ${name.slice(0, 20)}`] : []),
      ...(/^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(name) ? [`a name that is a UUID: ${name}`] : []),
      ...Object.entries(measures).flatMap(([key, { value, lower_value, upper_value }]) => [
        ...(slug.test(key) && bytesOf(key) <= 64 ? [] : [`the measure's slug: ${key}`]),
        ...(Number.isFinite(value) ? [] : [`no value: ${name}, ${key}`]),
        ...(optional(lower_value) && optional(upper_value) ? [] : [`bounds: ${name}, ${key}`]),
      ]),
    ],
  );
}

describe.each(kinds)('bencher, of %s', (_kind, run) => {
  const text = bencher.render(nobody, optionsOf(run));
  const benchmarks = JSON.parse(text) as Record<string, Record<string, object>>;

  it('breaks no rule of the parser', () => {
    expect(Object.keys(benchmarks).length).toBeGreaterThan(0);
    expect(problemsOfBencher(text)).toEqual([]);
  });

  it('would be found to break one', () => {
    const long = 'ü'.repeat(513);
    const uuid = '123e4567-e89b-12d3-a456-426614174000';
    const broken = { [long]: { a: { value: 1 } }, [uuid]: { B: { value: null, lower_value: 'x' } } };
    expect(problemsOfBencher(JSON.stringify(broken)).map((problem) => problem.split(':')[0])).toEqual([
      "the benchmark's name",
      'a name that is a UUID',
      "the measure's slug",
      'no value',
      'bounds',
    ]);
  });

  it('has names that no other kind of key reads differently, and none that Bencher leaves out of its alerts', () => {
    for (const name of Object.keys(benchmarks)) {
      expect(name).toContain('/');
      expect(name).not.toMatch(/(?:_bencher_ignore|BencherIgnore|-bencher-ignore)$/);
    }
  });
});

describe('slugs of measures', () => {
  it('are slugs, and none is one that Bencher knows in another unit', async () => {
    const own = (await loadRegistry()).metrics.flatMap(({ slug: name }) => (name === undefined ? [] : [name]));
    expect(own.length).toBeGreaterThan(5);
    // `latency` is nanoseconds and `throughput` operations a second there as here; these are others' bytes and seconds.
    const taken = new Set(['build-time', 'file-size', 'allocated', 'instructions', 'total-bytes']);
    for (const name of own) expect([slug.test(name), taken.has(name)]).toEqual([true, false]);
  });
});

describe.each(Object.entries({ bencher, 'github-action-benchmark': githubActionBenchmark }))('%s', (name, format) => {
  it('writes no figure that JSON has no number for', () => {
    const none = { median: 0, lo: 0, hi: 0 };
    const speedup = { ...withCell({}).cells[0]?.speedup, ratio: Number.POSITIVE_INFINITY };
    const endless = withCell({ contender: 'endless', latencyNs: none, speedup } as Partial<MicroCellRecord>);
    const run = { ...endless, cells: [...endless.cells, ...syntheticRun().cells] };
    const text = format.render(nobody, optionsOf(run));
    expect(text).not.toContain('null');
  });

  it('refuses two entries of one name instead of losing one of them', () => {
    expect(() => format.render(nobody, optionsOf(withCell({}, 2)))).toThrow(UserError);
    expect(() => format.render(nobody, optionsOf(withCell({}, 2)))).toThrow(
      `cannot write ${name}: two entries would be called 'speed/compiled/list/10/text/bytes'`,
    );
  });
});

describe('bencher', () => {
  it('refuses a name that Bencher would refuse with the whole file', () => {
    const [cell] = withCell({}).cells;
    const long = withCell({ contender: 'ü'.repeat(512) });
    expect(cell).toBeDefined();
    expect(() => bencher.render(nobody, optionsOf(long))).toThrow('it takes no name of more than 1024 bytes');
  });
});
