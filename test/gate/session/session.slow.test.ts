/**
 * Both stages of a gate with real processes and tiny settings: which cells are forked, how often, and what ends it.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { GateGridCell } from '../../../src/gate/session/grid.ts';
import { planGrid } from '../../../src/gate/session/grid.ts';
import type { GateEvent, GateRequest } from '../../../src/gate/session/session.ts';
import { runGate } from '../../../src/gate/session/session.ts';
import type { GateSettings } from '../../../src/gate/settings.ts';
import { gateSettings } from '../../../src/gate/settings.ts';
import type { MicroCellId } from '../../../src/model/cell.ts';
import type { Duet, Tolerance } from '../../../src/model/gate.ts';
import { loadRegistry } from '../../../src/registry/registry.ts';

const harness = await loadRegistry(new URL('../../fixtures/bench/', import.meta.url));
const registries = { harness, baseline: harness.contenders, candidate: harness.contenders };

// What is tested is the procedure, so the figures may be poor.
const settings: GateSettings = {
  ...gateSettings,
  looks: [2],
  screenTurns: 2,
  confirmTurns: 6,
  sampler: {
    warmupNs: 5e6,
    warmupCapNs: 20e6,
    warmupTolerance: 0.02,
    blockNs: 2e6,
    turns: 3,
    timedNs: 0,
    mostTimedNs: 3e9,
    peakNs: 0,
    catalogs: 1,
  },
};

/** So wide that noise cannot raise a suspicion, and so narrow that twice the work must. */
const deaf: Tolerance = { time: 99, outputBytes: 99, allocations: 99 };
const awake: Tolerance = { time: 0.4, outputBytes: 99, allocations: 99 };

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

function cellsOf(contenders: readonly string[], items: readonly number[] = [3]): readonly GateGridCell[] {
  return planGrid({
    registries,
    selections: [{ suites: ['plain'], contenders, items, variants: ['text'], sinks: ['bytes'] }],
    seed: 1,
  }).cells;
}

const plainRunner = { nodePath: process.execPath };

async function eventsOf(
  cells: readonly GateGridCell[],
  options: Partial<GateRequest> & { onEvent?: (event: GateEvent) => void } = {},
): Promise<GateEvent[]> {
  const { onEvent = () => undefined, ...given } = options;
  const events: GateEvent[] = [];
  const gate = runGate({
    grid: { cells, leftOut: [], screenForks: 3 },
    runnersOf: () => ({ baseline: plainRunner, candidate: plainRunner }),
    toleranceOf: () => deaf,
    settings,
    seed: 1,
    signal: new AbortController().signal,
    now: () => performance.now(),
    budgetMs: 600_000,
    ...given,
  });
  for await (const event of gate) {
    events.push(event);
    onEvent(event);
  }
  return events;
}

const duetsOf = (events: readonly GateEvent[]): Duet[] =>
  events.flatMap((event) => (event.type === 'duet' ? [event.duet] : []));
const stagesOf = (events: readonly GateEvent[]) =>
  events.flatMap((event) =>
    event.type === 'stage' ? [[event.stage, event.cells.map(({ planned }) => planned.id.items)]] : [],
  );

describe('a gate session', () => {
  it('looks at every cell in rounds, and stops there where nothing is suspicious', async () => {
    const events = await eventsOf(cellsOf(['honest'], [3, 30]));
    expect(stagesOf(events)).toEqual([['screen', [3, 30]]]);
    const duets = duetsOf(events);
    expect(duets.map(({ fork }) => fork)).toEqual([0, 0, 1, 1, 2, 2]);
    for (const fork of [0, 1, 2]) {
      expect(
        duets
          .filter((duet) => duet.fork === fork)
          .map(({ cell }) => cell.items)
          .toSorted((a, b) => a - b),
      ).toEqual([3, 30]);
    }
    for (const duet of duets) {
      expect(duet).toMatchObject({
        stage: 'screen',
        baseline: { status: 'ok' },
        candidate: { status: 'ok' },
        warnings: expect.any(Array),
      });
      expect(duet.logRatio).toBeTypeOf('number');
      expect(duet.nullLogRatio).toBeUndefined();
      expect(duet.opsPerBlock).toBeGreaterThanOrEqual(1);
    }
  });

  it('takes more fresh forks of what the first of them leave open, and none of what they settle', async () => {
    const isSlowed = ({ items }: MicroCellId): boolean => items === 30;
    let isSuspicious = true;
    const events = await eventsOf(cellsOf(['honest'], [3, 30]), {
      settings: { ...settings, looks: [3, 5] },
      runnersOf: () => ({ baseline: plainRunner, candidate: { ...plainRunner, repeatedShare: 1 } }),
      // One of the two suspects is judged by a tolerance that nothing exceeds as soon as it has fresh forks.
      toleranceOf: (cell) => (isSlowed(cell) || isSuspicious ? awake : deaf),
      onEvent: (event) => {
        if (event.type === 'stage' && event.stage === 'confirm') isSuspicious = false;
      },
    });
    const looks = events.flatMap((event) =>
      event.type === 'stage' && event.stage === 'confirm'
        ? [[event.before, event.cells.map(({ planned }) => planned.id.items).toSorted((a, b) => a - b)]]
        : [],
    );
    expect(looks).toEqual([
      [0, [3, 30]],
      [3, [30]],
    ]);
    const numbers = (items: number): number[] =>
      duetsOf(events).flatMap(({ stage, cell, fork }) => (stage === 'confirm' && cell.items === items ? [fork] : []));
    expect(numbers(3)).toEqual([0, 1, 2]);
    expect(numbers(30)).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes fresh forks with a second copy of the baseline, of the suspects only', async () => {
    const isSlowed = ({ items }: MicroCellId): boolean => items === 30;
    const events = await eventsOf(cellsOf(['honest'], [3, 30]), {
      // Twice the work in one cell, which no noise hides.
      runnersOf: ({ planned }) => ({
        baseline: plainRunner,
        candidate: { ...plainRunner, repeatedShare: isSlowed(planned.id) ? 1 : 0 },
      }),
      toleranceOf: (cell) => (isSlowed(cell) ? awake : deaf),
    });
    expect(stagesOf(events)).toEqual([
      ['screen', [3, 30]],
      ['confirm', [30]],
    ]);
    const confirmed = duetsOf(events).filter(({ stage }) => stage === 'confirm');
    expect(confirmed.map(({ cell, fork }) => [cell.items, fork])).toEqual([
      [30, 0],
      [30, 1],
    ]);
    for (const duet of confirmed) {
      expect(duet.logRatio).toBeTypeOf('number');
      expect(duet.nullLogRatio).toBeTypeOf('number');
    }
  });

  it('says what it is about to measure before every duet', async () => {
    const events = await eventsOf(cellsOf(['honest']));
    expect(events.map(({ type }) => type)).toEqual(['stage', 'start', 'duet', 'start', 'duet', 'start', 'duet']);
    const expected = events.flatMap((event) => ('expectedMs' in event ? [event.expectedMs] : []));
    expect(expected).toHaveLength(4);
    expect(Math.min(...expected)).toBeGreaterThan(0);
  });

  it.each(['baseline', 'candidate'] as const)(
    'starts no process for a contender that the %s lacks',
    async (missing) => {
      const cells = cellsOf(['honest']).map((cell) => ({ ...cell, urls: { ...cell.urls, [missing]: undefined } }));
      // A process could not start here and would say so.
      const nowhere = { nodePath: path.join(temporary, 'no-such-node') };
      const duets = duetsOf(await eventsOf(cells, { runnersOf: () => ({ baseline: nowhere, candidate: nowhere }) }));
      const other = missing === 'baseline' ? 'candidate' : 'baseline';
      expect(duets.length).toBeGreaterThan(0);
      for (const duet of duets) {
        expect(duet[missing]).toEqual({ status: 'unavailable', reason: `no such contender in the ${missing}` });
        expect(duet[other]).toEqual({ status: 'ok' });
        expect(duet.logRatio).toBeUndefined();
      }
    },
  );

  it('does not fork a cell again that failed twice, and goes on with the others', async () => {
    const events = await eventsOf(cellsOf(['honest', 'exiter', 'liar']));
    const duets = duetsOf(events);
    const forksOf = (contender: string): number[] =>
      duets.filter(({ cell }) => cell.contender === contender).map(({ fork }) => fork);
    expect([forksOf('honest'), forksOf('exiter'), forksOf('liar')]).toEqual([
      [0, 1, 2],
      [0, 1],
      [0, 1],
    ]);
    expect(events.filter(({ type }) => type === 'start')).toHaveLength(duets.length);
    expect(stagesOf(events)).toHaveLength(1);
    const liar = duets.find(({ cell }) => cell.contender === 'liar');
    expect(liar?.candidate).toMatchObject({ status: 'incorrect', reason: expect.stringContaining('/0/note') });
  });
});

describe('a session that has to end', () => {
  it('names the suspects for which there is no time', async () => {
    const events = await eventsOf(cellsOf(['honest'], [3, 30]), {
      runnersOf: () => ({ baseline: plainRunner, candidate: { ...plainRunner, repeatedShare: 1 } }),
      toleranceOf: (cell) => (cell.items === 30 ? awake : deaf),
      // So many fresh forks fit into no budget.
      settings: { ...settings, looks: [1_000_000] },
      budgetMs: 120_000,
    });
    expect(stagesOf(events)).toEqual([['screen', [3, 30]]]);
    expect(events.at(-1)).toEqual({
      type: 'unconfirmed',
      cells: [expect.objectContaining({ contender: 'honest', items: 30 })],
    });
  });

  it('starts no duet after its budget is spent', async () => {
    let clockMs = 0;
    const events = await eventsOf(cellsOf(['honest']), {
      now: () => clockMs,
      budgetMs: 1000,
      // The clock of this session leaps with every duet.
      onEvent: ({ type }) => {
        if (type === 'duet') clockMs += 600;
      },
    });
    expect(duetsOf(events).map(({ fork }) => fork)).toEqual([0, 1]);
  });

  it('gives no more duets after an abort and leaves no files behind', async () => {
    const abort = new AbortController();
    let starts = 0;
    const events = await eventsOf(cellsOf(['honest']), {
      signal: abort.signal,
      onEvent: ({ type }) => {
        if (type === 'start') starts += 1;
        if (starts === 2) abort.abort();
      },
    });
    expect(events.map(({ type }) => type)).toEqual(['stage', 'start', 'duet', 'start']);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('is ended by an abort while a process hangs', async () => {
    const abort = new AbortController();
    const events = await eventsOf(
      cellsOf(['hanger']).filter(({ planned }) => planned.contender.id === 'hanger'),
      {
        signal: abort.signal,
        onEvent: ({ type }) => {
          if (type === 'start') setTimeout(() => abort.abort(), 500);
        },
      },
    );
    expect(events.map(({ type }) => type)).toEqual(['stage', 'start']);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('leaves no files behind when it has come to its end, nor when its reader goes away', async () => {
    await eventsOf(cellsOf(['honest']));
    expect(readdirSync(temporary)).toEqual([]);
    const reading = eventsOf(cellsOf(['honest']), {
      onEvent: ({ type }) => {
        if (type === 'duet') throw new Error('the disk of the reader is full');
      },
    });
    await expect(reading).rejects.toThrow('the disk of the reader is full');
    expect(readdirSync(temporary)).toEqual([]);
  });
});
