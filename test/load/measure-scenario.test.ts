/**
 * In which order servers get their windows, when there are enough of them, and what a failing server costs the others.
 */
import { describe, expect, it } from 'vitest';

import type { MeasuredServer } from '../../src/load/measured-server.ts';
import { measureScenario } from '../../src/load/measure-scenario.ts';
import { createShuffle } from '../../src/measure/shuffle.ts';
import type { HttpLoad } from '../../src/model/http.ts';
import { imaginaryCore } from '../imaginary-core.ts';

const load: HttpLoad = { kind: 'closed', connections: 1 };

/** A server that notes what it was told, and fails at one of its windows where it is asked to. */
class FakeServer {
  readonly pid = undefined;
  readonly outcomes = [];
  readonly excesses: number[] = [];
  isClosed = false;
  isFinished = false;
  readonly #name: string;
  readonly #log: string[];
  readonly #failsAt: number;
  #taken = 0;

  constructor(name: string, log: string[], failsAt = Infinity) {
    this.#name = name;
    this.#log = log;
    this.#failsAt = failsAt;
  }

  get cleanWindows(): number {
    return this.excesses.filter((excess) => excess === 0).length;
  }

  wants(): boolean {
    return this.#taken <= this.#failsAt && !this.isFinished;
  }

  open = (): Promise<void> => Promise.resolve();
  check = (): Promise<void> => Promise.resolve();
  warmUp = (): Promise<void> => Promise.resolve();

  takeWindow(): Promise<object | undefined> {
    this.#log.push(this.#name);
    this.#taken += 1;
    return Promise.resolve(this.#taken > this.#failsAt ? undefined : { excess: 0 });
  }

  noteWindow(_load: HttpLoad, { excess }: { excess: number }): void {
    this.excesses.push(excess);
  }

  finish(): void {
    this.isFinished = true;
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

async function measure(
  servers: readonly FakeServer[],
  changes: { windows?: number; serverMs?: number; excesses?: readonly number[]; signal?: AbortSignal } = {},
): Promise<void> {
  const { windows = 6, serverMs = 60_000, excesses = [], signal = new AbortController().signal } = changes;
  await measureScenario({
    servers: servers as unknown as MeasuredServer[],
    loads: [load],
    warmUp: load,
    expected: undefined,
    profile: { windows, serverMs },
    core: imaginaryCore(excesses),
    shuffle: createShuffle(1, 0),
    signal,
  });
}

describe('measureScenario', () => {
  it('gives every server each place equally often, and each neighbour', async () => {
    const log: string[] = [];
    const servers = ['a', 'b', 'c'].map((name) => new FakeServer(name, log));
    await measure(servers);
    const sweeps = Array.from({ length: 6 }, (_, sweep) => log.slice(3 * sweep, 3 * sweep + 3));
    for (const place of [0, 1, 2])
      expect(sweeps.map((sweep) => sweep[place] ?? '').toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
    expect(new Set(sweeps.map((sweep) => sweep.join(''))).size).toBe(6);
    expect(servers.map(({ isFinished, isClosed }) => isFinished && isClosed)).toEqual([true, true, true]);
  });

  it('goes on with the others where a server fails', async () => {
    const log: string[] = [];
    const servers = [new FakeServer('good', log), new FakeServer('bad', log, 2), new FakeServer('fine', log)];
    await measure(servers);
    expect(servers.map(({ excesses }) => excesses.length)).toEqual([6, 2, 6]);
    expect(log.filter((name) => name === 'bad')).toHaveLength(3);
  });

  it('takes windows again that found the processor above its floor, and half again as many at most', async () => {
    const [one, never] = [new FakeServer('one', []), new FakeServer('never', [])];
    // A window lies between two looks at the processor, so one look disturbs two windows.
    await measure([one], { excesses: [0, 0, 0.5, 0] });
    expect(one.excesses).toEqual([0, 0.5, 0.5, 0, 0, 0, 0, 0]);
    await measure([never], { excesses: Array.from({ length: 40 }, () => 0.5) });
    expect(never.excesses).toHaveLength(9);
  });

  it('ends early where time is up, and not before each server has its fewest', async () => {
    const log: string[] = [];
    await measure([new FakeServer('a', log), new FakeServer('b', log)], { windows: 100, serverMs: -1 });
    expect(log).toHaveLength(6);
  });

  it('ends servers without a window when it is aborted', async () => {
    const controller = new AbortController();
    controller.abort();
    const server = new FakeServer('a', []);
    await measure([server], { signal: controller.signal });
    expect([server.excesses.length, server.isClosed]).toEqual([0, true]);
  });
});
