/**
 * What `wirebench gate --power` measures, as a list of tasks in the order of their worth.
 *
 * Each task is one duet or one whole session and has a key, so that a recording that was stopped goes on where it was.
 */
import type { GateStage, InjectedChange, MachineLoad } from '../../model/gate.ts';
import type { GateGridCell } from '../session/grid.ts';

/** Duets of every cell without any change: enough that a session drawn from them is seldom the same one twice. */
const screenDuets = 6;
const confirmDuets = 12;
/** Duets with a change of known size, for each cell that has it. */
const injectedDuets = 8;
/** Live sessions without a change; none failing in so many bounds the rate as the goal asks. */
const liveSessions = 60;
/** Live sessions with a slowdown in one cell, by its size. */
const liveSlowdowns: readonly { readonly share: number; readonly count: number }[] = [
  { share: 0.1, count: 30 },
  { share: 0.05, count: 10 },
];
/** Live sessions under load. */
const liveBusy = 10;

const none: InjectedChange = { kind: 'none' };
const slowdowns = [0.05, 0.1, 0.15];

interface TaskBase {
  readonly key: string;
  readonly load: MachineLoad;
  readonly injected: InjectedChange;
}

export interface DuetTask extends TaskBase {
  readonly kind: 'duet';
  readonly cell: GateGridCell;
  readonly stage: GateStage;
  readonly fork: number;
}

export interface SessionTask extends TaskBase {
  readonly kind: 'session';
  /** The small grid. */
  readonly cells: readonly GateGridCell[];
  /** The cell that is changed; absent where none is. */
  readonly changed?: GateGridCell;
  readonly seed: number;
}

export type PowerTask = DuetTask | SessionTask;

/**
 * @param request.cells the whole grid; @param request.small the cells of a live session, a part of it; without any,
 *   only duets of the whole grid are left.
 * @param request.mutants names under bench/mutants.
 */
export function planPower(request: {
  cells: readonly GateGridCell[];
  small: readonly GateGridCell[];
  mutants: readonly string[];
}): PowerTask[] {
  const { cells, small, mutants } = request;
  const injected: InjectedChange[] = [
    ...slowdowns.map((share): InjectedChange => ({ kind: 'repeat', share, side: 'candidate' })),
    // The same on the other side: a real effect must change its sign.
    { kind: 'repeat', share: 0.1, side: 'baseline' },
  ];
  return [
    ...recordings({ cells, load: 'quiet', injected: none }),
    ...injected.flatMap((change) => small.slice(0, 2).flatMap((cell) => confirmations({ cell, injected: change }))),
    ...mutants.flatMap((mutant) =>
      small.slice(0, 1).flatMap((cell) => confirmations({ cell, injected: { kind: 'mutant', mutant } })),
    ),
    ...interleave([
      sessions({ count: liveSessions, load: 'quiet', injected: none, cells: small }),
      ...liveSlowdowns.map(({ share, count }) =>
        sessions({
          count,
          load: 'quiet' as const,
          injected: { kind: 'repeat' as const, share, side: 'candidate' as const },
          cells: small,
        }),
      ),
      recordings({ cells: small, load: 'busy', injected: none }),
      sessions({ count: liveBusy, load: 'busy', injected: none, cells: small }),
    ]),
  ];
}

/** Stage by stage in rounds over all cells, so that a recording that is stopped has as much of every cell. */
function recordings({
  cells,
  load,
  injected,
}: {
  cells: readonly GateGridCell[];
  load: MachineLoad;
  injected: InjectedChange;
}): DuetTask[] {
  const rounds = Array.from({ length: confirmDuets }, (_, fork) => fork);
  return rounds.flatMap((fork) =>
    cells.flatMap((cell) => [
      ...(fork < screenDuets ? [duetTask({ cell, load, injected, stage: 'screen', fork })] : []),
      duetTask({ cell, load, injected, stage: 'confirm', fork }),
    ]),
  );
}

function confirmations({ cell, injected }: { cell: GateGridCell; injected: InjectedChange }): DuetTask[] {
  return Array.from({ length: injectedDuets }, (_, fork) =>
    duetTask({ cell, load: 'quiet', injected, stage: 'confirm', fork }),
  );
}

function duetTask(task: Omit<DuetTask, 'kind' | 'key'>): DuetTask {
  return {
    kind: 'duet',
    key: `duet ${task.load} ${describeInjected(task.injected)} ${task.cell.key} ${task.stage} ${task.fork}`,
    ...task,
  };
}

function sessions({
  count,
  load,
  injected,
  cells,
}: {
  count: number;
  load: MachineLoad;
  injected: InjectedChange;
  cells: readonly GateGridCell[];
}): SessionTask[] {
  return Array.from({ length: cells.length === 0 ? 0 : count }, (_, index): SessionTask => {
    const changed = injected.kind === 'none' ? undefined : cells[index % cells.length];
    return {
      kind: 'session',
      key: `session ${load} ${describeInjected(injected)} ${index}`,
      load,
      injected,
      cells,
      seed: index + 1,
      ...(changed === undefined ? {} : { changed }),
    };
  });
}

/** One line for a change, e.g. `repeat 0.05 candidate`. */
export function describeInjected(injected: InjectedChange): string {
  switch (injected.kind) {
    case 'none':
      return 'none';
    case 'repeat':
      return `repeat ${injected.share} ${injected.side}`;
    case 'mutant':
      return `mutant ${injected.mutant}`;
  }
}

/** All lists at the same pace: a recording that is stopped has the same share of each. */
function interleave(lists: readonly (readonly PowerTask[])[]): PowerTask[] {
  return lists
    .flatMap((list) => list.map((task, index) => ({ task, position: (index + 1) / list.length })))
    .toSorted((a, b) => a.position - b.position)
    .map(({ task }) => task);
}
