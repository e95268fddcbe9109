/**
 * `wirebench gate --power`: records the evidence for what the gate detects and how often it cries wolf.
 *
 * Both sides are the same commit, so every difference is either chance or put there on purpose. A recording goes on
 * where it was stopped.
 */
import { isDeepStrictEqual } from 'node:util';

import type { Sides } from '../sides/open-sides.ts';
import { openSides } from '../sides/open-sides.ts';
import { decide, verdictOfSession } from '../decision/decide.ts';
import { gatherEvidence } from '../decision/evidence.ts';
import type { GateGridCell } from '../session/grid.ts';
import { estimateDuetMs, estimateGridMs, planGrid } from '../session/grid.ts';
import type { DuetTask, PowerTask, SessionTask } from './plan.ts';
import { planPower } from './plan.ts';
import { measureDuet, type SideRunners } from '../session/duet.ts';
import type { GateRequest } from '../session/session.ts';
import { runGate } from '../session/session.ts';
import type { GateSettings } from '../settings.ts';
import { defaultTolerance } from '../settings.ts';
import { type MeasuringCore, openMeasuringCore } from '../../machine/measuring-core.ts';
import type { MaterializedCorpus } from '../../measure/materialize.ts';
import type { Duet, InjectedChange, LiveSession, MachineLoad, PowerEvidence } from '../../model/gate.ts';
import type { Progress } from '../../model/progress.ts';
import type { Surroundings } from '../../model/surroundings.ts';
import { startChild } from '../../process/child.ts';
import { differingFields, readEnvironment } from '../../store/environment.ts';
import type { PowerHeader, PowerLine } from '../../store/power-file.ts';
import { appendPowerLine, readPowerJournal, startPowerJournal, toEvidence } from '../../store/power-file.ts';
import { listMutants } from '../../registry/registry.ts';
import { UserError } from '../../user-error.ts';
import { fingerprintCode } from '../../registry/measured-code.ts';
import type { DescribedSides, DescribeRequest } from '../sides/describe-sides.ts';
import { describeSides } from '../sides/describe-sides.ts';

/** Cells of a live session, by key: few, so that sixty sessions can be had; one of each kind of contender and size. */
const smallGrid = 3;

export interface PowerRequest {
  readonly directory: string;
  readonly choose: DescribeRequest['choose'];
  readonly settings: GateSettings;
  readonly seed: number;
  /** OpenRecording stops after this time and can be gone on with; `undefined` records everything. */
  readonly budgetMs: number | undefined;
  readonly surroundings: Surroundings;
  readonly progress: Progress;
}

/** @returns what has been recorded so far and how many tasks are left. */
export async function recordPower(request: PowerRequest): Promise<{ evidence: PowerEvidence; left: number }> {
  const { directory, choose, settings, seed, surroundings, progress } = request;
  const { cwd, signal } = surroundings;
  const sides = await openSides({
    directory: cwd,
    base: 'HEAD',
    head: 'HEAD',
    signal,
    onProgress: progress.say,
  });
  try {
    const { registries, selections, packages, openCorpus } = await describeSides({
      sides,
      benchDirectory: 'bench',
      choose,
      surroundings,
    });
    const environment = await readEnvironment({ packages, directory: cwd });
    const header: PowerHeader = {
      powerVersion: 1,
      startedAt: new Date().toISOString(),
      environment,
      tolerance: defaultTolerance.time,
      falseAlarmRate: settings.falseAlarmRate,
      screenForks: settings.screenForks,
      confirmForks: settings.looks.at(-1) as number,
      looks: settings.looks,
      plan: {
        seed,
        selections,
        code: fingerprintCode({
          modules: registries.candidate.map(({ url }) => url),
          directory: sides.candidate.directory,
        }),
      },
    };
    const earlier = readPowerJournal(directory);
    if (earlier !== undefined) refuseOthers(earlier.header, header);
    const { cells } = planGrid({ registries, selections, seed });
    const tasks = planPower({ cells, small: chooseSmall(cells), mutants: listMutants().map(({ id }) => id) });
    if (earlier === undefined) startPowerJournal(directory, header);
    const lines = [...(earlier?.lines ?? [])];
    const done = new Set(lines.map(({ key }) => key));
    const left = tasks.filter(({ key }) => !done.has(key));
    const measured = await carryOut({
      request,
      sides,
      openCorpus,
      cells,
      tasks: left,
      onLine: (line) => {
        lines.push(line);
        appendPowerLine(directory, line);
      },
    });
    return { evidence: toEvidence(earlier?.header ?? header, lines), left: left.length - measured };
  } finally {
    sides.remove();
  }
}

function refuseOthers(earlier: PowerHeader, now: PowerHeader): void {
  const settings = (['tolerance', 'falseAlarmRate', 'screenForks', 'confirmForks', 'looks'] as const).filter(
    (name) => !isDeepStrictEqual(earlier[name], now[name]),
  );
  const commit = earlier.environment.commit === now.environment.commit ? [] : ['commit'];
  const plan = isDeepStrictEqual(earlier.plan, JSON.parse(JSON.stringify(now.plan)))
    ? []
    : nameDifferences(earlier.plan, now.plan);
  const differing = [...commit, ...differingFields(earlier.environment, now.environment), ...settings, ...plan];
  if (differing.length === 0) return;
  throw new UserError(`cannot go on with the recording: ${differing.join(', ')} differ`, {
    hint: 'move gate-power.jsonl aside, or choose another --out',
  });
}

/** What of a plan differs, in words. */
function nameDifferences(earlier: PowerHeader['plan'], now: PowerHeader['plan']): string[] {
  if (earlier === undefined) return ['version of wirebench, which did not record its code'];
  const names = { seed: 'seed', selections: 'cells', code: 'code' } as const;
  return (['seed', 'selections', 'code'] as const)
    .filter((part) => !isDeepStrictEqual(earlier[part], JSON.parse(JSON.stringify(now?.[part]))))
    .map((part) => names[part]);
}

function mutantUrl(name: string): string {
  const found = listMutants().find(({ id }) => id === name);
  if (found === undefined) throw new Error(`there is no mutant '${name}'`);
  return found.url;
}

/** Spread over the grid, so that contenders, sizes and variants differ. */
function chooseSmall(cells: readonly GateGridCell[]): GateGridCell[] {
  const short = cells.filter(({ planned }) => planned.id.items <= 100);
  const step = Math.max(1, Math.floor(short.length / smallGrid));
  return short.filter((_, index) => index % step === 0).slice(0, smallGrid);
}

interface OpenRecording {
  readonly request: PowerRequest;
  readonly openCorpus: DescribedSides['openCorpus'];
  readonly sides: Sides;
  readonly corpus: MaterializedCorpus;
  /** Of duets that stand alone; sessions open their own. */
  readonly core: MeasuringCore;
}

async function carryOut(job: {
  request: PowerRequest;
  sides: Sides;
  openCorpus: DescribedSides['openCorpus'];
  cells: readonly GateGridCell[];
  tasks: readonly PowerTask[];
  onLine: (line: PowerLine) => void;
}): Promise<number> {
  const { request, sides, openCorpus, cells, tasks, onLine } = job;
  const { settings, seed, budgetMs, progress, surroundings } = request;
  const now = (): number => performance.now();
  const startedMs = now();
  const wholeMs = tasks.reduce((sum, task) => sum + estimateTaskMs(task, settings), 0);
  progress.beginStage({ expectedMs: Math.min(wholeMs, budgetMs ?? Infinity) });
  const corpus = await openCorpus({ cells, seed, catalogs: settings.sampler.catalogs });
  const core = await openMeasuringCore({ signal: surroundings.signal });
  let measured = 0;
  try {
    for (const task of tasks) {
      if (surroundings.signal.aborted || (budgetMs !== undefined && now() - startedMs > budgetMs)) break;
      progress.beginTask(task.key, estimateTaskMs(task, settings));
      const line = await underLoad(task.load, () => carryOutTask(task, { request, openCorpus, sides, corpus, core }));
      if (line === undefined) break;
      onLine(line);
      measured += 1;
    }
  } finally {
    progress.end();
    await core.end();
    corpus.remove();
  }
  return measured;
}

function estimateTaskMs(task: PowerTask, settings: GateSettings): number {
  if (task.kind === 'session') return estimateGridMs(task.cells, settings.screenForks, settings);
  const shape =
    task.stage === 'screen' ? { arms: 2, turns: settings.screenTurns } : { arms: 3, turns: settings.confirmTurns };
  return estimateDuetMs(task.cell.planned.id.items, { ...shape, settings });
}

/** Keeps one core busy while `action` runs, where that is asked for. */
async function underLoad<T>(load: MachineLoad, action: () => Promise<T>): Promise<T> {
  if (load === 'quiet') return action();
  const busy = startChild({
    command: [process.execPath, '--eval', 'for (;;);'],
    env: process.env,
    talksOver: 'nothing',
  });
  try {
    return await action();
  } finally {
    await busy.kill();
  }
}

async function carryOutTask(task: PowerTask, recording: OpenRecording): Promise<PowerLine | undefined> {
  return task.kind === 'duet' ? recordDuet(task, recording) : recordSession(task, recording);
}

async function recordDuet(
  task: DuetTask,
  { request, sides, corpus, core }: OpenRecording,
): Promise<PowerLine | undefined> {
  const { key, cell, stage, fork, load, injected } = task;
  const {
    settings,
    seed,
    surroundings: { signal },
  } = request;
  const duet = await measureDuet({
    cell,
    stage,
    fork,
    request: { runnersOf: () => runners(sides, injected), settings, signal, seed },
    corpus,
    core,
  });
  return duet === undefined ? undefined : { key, duet: { load, injected, duet } };
}

async function recordSession(
  task: SessionTask,
  { request, sides, openCorpus }: OpenRecording,
): Promise<PowerLine | undefined> {
  const { key, cells, changed, load, injected, seed } = task;
  const {
    settings,
    surroundings: { signal },
  } = request;
  const now = (): number => performance.now();
  const startedMs = now();
  const duets: Duet[] = [];
  const gate: GateRequest = {
    grid: { cells, leftOut: [], screenForks: settings.screenForks },
    runnersOf: (cell) => runners(sides, cell === changed ? injected : { kind: 'none' }),
    toleranceOf: () => defaultTolerance,
    openCorpus,
    settings,
    seed,
    signal,
    now,
    budgetMs: settings.budgetMs,
  };
  for await (const event of runGate(gate)) if (event.type === 'duet') duets.push(event.duet);
  if (signal.aborted) return undefined;
  const decided = decide({
    cells: gatherEvidence({
      cells: cells.map(({ planned }) => planned.id),
      duets,
      toleranceOf: () => defaultTolerance,
    }),
    falseAlarmRate: settings.falseAlarmRate,
    looks: settings.looks,
  });
  const session: LiveSession = {
    load,
    injected,
    ...(changed === undefined ? {} : { cell: changed.planned.id }),
    durationMs: Math.round(now() - startedMs),
    verdict: verdictOfSession(decided),
    cells: decided.map(({ cell, verdict, time }) => ({ cell, verdict, ...(time === undefined ? {} : { time }) })),
  };
  return { key, session };
}

function runners({ baseline, candidate }: Sides, injected: InjectedChange): SideRunners {
  const plain = { baseline: { nodePath: baseline.nodePath }, candidate: { nodePath: candidate.nodePath } };
  switch (injected.kind) {
    case 'none':
      return plain;
    case 'repeat':
      return { ...plain, [injected.side]: { ...plain[injected.side], repeatedShare: injected.share } };
    case 'mutant':
      return { ...plain, candidate: { ...plain.candidate, mutantUrl: mutantUrl(injected.mutant) } };
  }
}
