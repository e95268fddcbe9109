/**
 * Run files of a gateway: what comes back, and that every kind of damage is refused with the name of its place.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { HttpCellRecord } from '../../src/run-file/records.ts';
import { writeRun } from '../../src/store/run-file.ts';
import { UserError } from '../../src/user-error.ts';
import { cells, httpRun, scenario, suite } from './http-run.ts';
import { infos, readRecord, toRun } from '../records.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));

/** What a reader says to a run; `none` where it takes it. @throws whatever is no expected failure. */
function problemOf(run: object): string {
  const file = path.join(directory, 'broken.json');
  writeFileSync(file, JSON.stringify(run));
  try {
    readRecord(file);
    return 'none';
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(file, 'FILE');
    throw error;
  }
}

type Node = Record<string, unknown>;

/** JSON Pointers to everything inside, but what clients may send, which is any JSON. */
function placesIn(value: unknown, pointer: string): string[] {
  if (typeof value !== 'object' || value === null || pointer.endsWith('/body')) return [pointer];
  return [pointer, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, `${pointer}/${key}`))];
}

/** The run with one place changed. @param change done to the object or list that holds it. */
function changed(place: string, change: (parent: Node, key: string) => void): object {
  // Through text, since a clone would share what the original shares, and a change would show in two places.
  const copy = JSON.parse(JSON.stringify(httpRun)) as Node;
  const keys = place.split('/').slice(1);
  const parent = keys.slice(0, -1).reduce((node, key) => node[key] as Node, copy);
  change(parent, keys.at(-1) as string);
  return copy;
}

function replaced(place: string, value: unknown): object {
  return changed(place, (parent, key) => {
    parent[key] = value;
  });
}

function valueAt(place: string): unknown {
  return place
    .split('/')
    .slice(1)
    .reduce<unknown>((node, key) => (node as Node)[key], httpRun);
}

function ofOtherType(value: unknown): unknown {
  if (Array.isArray(value)) return {};
  if (typeof value === 'object') return [];
  return typeof value === 'string' ? 7 : 'seven';
}

const places = placesIn(httpRun.http, '/http');
const typed = places.filter((place) => !place.endsWith('/body'));

/** Fields that a run can do without. */
const optional = [
  /^\/http$/,
  /\/settings$/,
  /\/settings\/(?!serializer)/,
  /\/requests\/\d+\/(body|callsTool)$/,
  /\/cells\/\d+\/metrics\/\w+$/,
  /\/ratio$(?<!\/ratio\/ratio)/,
  /\/usualSpread$/,
  /\/rounds\/\d+\/metrics\/(p95Ns|p99Ns|p999Ns|cpuNsPerRequest|eventLoopDelayP99Ns|peakMemoryBytes)$/,
  /\/(absent|failures)\/[^/]+$/,
];

describe('a run over HTTP', () => {
  it('comes back as it was written, with cells of both kinds or of one', () => {
    expect(readRecord(writeRun(directory, toRun(httpRun)))).toEqual({ ...httpRun, metrics: infos.load });
    const { http: _, ...without } = httpRun;
    expect(readRecord(writeRun(directory, toRun(without)))).toEqual({ ...without, metrics: [] });
  });

  it('is refused where anything in it is of another type, with its place', () => {
    expect(typed.length).toBeGreaterThan(100);
    const damaged = typed.flatMap((place) =>
      [ofOtherType(valueAt(place)), null].map((value) => ({ place, problem: problemOf(replaced(place, value)) })),
    );
    expect(damaged.filter(({ place, problem }) => !problem.startsWith(`cannot read FILE: ${place} `))).toEqual([]);
  });

  it('is refused where a field is missing that it cannot do without, with the place and the name', () => {
    const fields = places.filter((place) => !/\/\d+$/.test(place));
    const damaged = fields.map((place) => {
      const [parent, key] = [path.posix.dirname(place), path.posix.basename(place)];
      const problem = problemOf(changed(place, (holder) => Reflect.deleteProperty(holder, key)));
      return { place, problem, isNamed: problem.startsWith(`cannot read FILE: ${parent} `) && problem.includes(key) };
    });
    const missed = damaged.filter(({ problem }) => problem === 'none').map(({ place }) => place);
    expect(missed).toEqual(fields.filter((place) => optional.some((pattern) => pattern.test(place))));
    expect(damaged.filter(({ problem, isNamed }) => problem !== 'none' && !isNamed)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['/http/cells/0/status', 'splendid'],
    ['/http/cells/2/reason', ''],
    ['/http/cells/0/items', 0],
    ['/http/cells/0/load/kind', 'ajar'],
    ['/http/cells/0/load/connections', 0],
    ['/http/cells/1/load/requestsPerSec', 0],
    ['/http/cells/2/metrics', cells[0]?.metrics],
    ['/http/cells/0/metrics/requestsPerSec/median', -1],
    ['/http/cells/1/metrics/p50Ns/confidence', 1],
    ['/http/cells/1/metrics/p50Ns/ratio/lo', 0],
    ['/http/cells/1/metrics/p50Ns/ratio/degreesOfFreedom', 0],
    ['/http/cells/1/metrics/p50Ns/ratio/usualSpread/variance', 0],
    ['/http/cells/0/rounds/0/round', 0.5],
    ['/http/cells/0/rounds/0/requests', 0],
    ['/http/cells/0/rounds/0/metrics/p50Ns', 0],
    ['/http/cells/2/failures/HTTP 503', -3],
    ['/http/scenarios/0/client', 'server'],
    ['/http/scenarios/0/requests/0/method', 'DELETE'],
    ['/http/scenarios/0/requests/0/path', 'rpc'],
    ['/http/scenarios/0/requests/0/weight', 0],
    ['/http/scenarios/0/tier', 'never'],
    ['/http/suites/0/contenders', []],
    ['/http/suites/0/contenders/1/settings/compression', 'rot13'],
    ['/http/suites/0/contenders/1/settings/cache', false],
  ])('is refused where %s is %j', (place, value) => {
    expect(problemOf(replaced(place, value))).toMatch(new RegExp(`^cannot read FILE: ${place} `));
  });

  it('is refused where a cell is ok and not ok at once', () => {
    const problem = (change: Partial<HttpCellRecord>): string =>
      problemOf(replaced('/http/cells/0', { ...cells[0], ...change }));
    expect(problem({ status: 'failed' })).toContain("/http/cells/0 must have required property 'reason'");
    expect(problem({ status: 'failed', reason: 'for a test' })).toContain('/http/cells/0/metrics');
  });

  it.each([
    ['/http/suites/0/reference', 'nobody'],
    ['/http/cells/0/suite', 'nothing'],
    ['/http/cells/0/contender', 'nobody'],
    ['/http/cells/0/scenario', 'nowhere'],
    ['/http/cells/0/scenario', 'no\u001b[2Jwhere'],
  ])('is refused where %s is a name that the file does not have', (place, name) => {
    const problem = problemOf(replaced(place, name));
    expect(problem).toMatch(new RegExp(`^cannot read FILE: ${place} is "no.*", which the file does not have$`));
    expect(problem).not.toMatch(/\p{Cc}/u);
  });

  it('shows no control character of the file', () => {
    const problem = problemOf(replaced('/http/cells/2/failures', { 'HTTP \u001b[2J': 'many' }));
    expect(problem).toContain('/http/cells/2/failures/HTTP ␛[2J');
  });

  it('is never written where it would be refused', () => {
    const http = {
      suites: [suite],
      scenarios: [scenario],
      cells: [{ ...(cells[0] as HttpCellRecord), suite: 'nothing' }],
    };
    expect(() => writeRun(directory, toRun({ ...httpRun, http }))).toThrow(
      'breaks its own schema: /http/cells/0/suite',
    );
    const endless = { ...cells[0], metrics: { p50Ns: { median: Number.POSITIVE_INFINITY } } } as HttpCellRecord;
    expect(() => writeRun(directory, toRun({ ...httpRun, http: { ...http, cells: [endless] } }))).toThrow(
      '/http/cells/0/metrics/p50Ns/median',
    );
  });

  it('is read or refused, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        expect(problemOf(replaced(place, value))).toMatch(/^(none$|cannot read FILE: \/)/);
      }),
    );
  });

  it('takes fields and metrics that a later version added', () => {
    const later = replaced('/http/cells/1/metrics/p42Ns', { median: 1, more: true });
    expect(problemOf(later)).toBe('none');
    expect(problemOf(replaced('/http/later', {}))).toBe('none');
  });
});
