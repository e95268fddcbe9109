/**
 * Gates one ref against another: both sides on disk, measured in turns, decided; the session as data.
 */
import type { GateConfig } from '../../config.ts';
import type { CheckedOutSide, Sides } from '../../gate/sides/open-sides.ts';
import { openSides } from '../../gate/sides/open-sides.ts';
import { decide, verdictOfSession } from '../../gate/decision/decide.ts';
import type { Grid } from '../../gate/session/grid.ts';
import { fitGrid, planGrid } from '../../gate/session/grid.ts';
import { readInstalledVersions } from '../../gate/sides/packages.ts';
import { runGate } from '../../gate/session/session.ts';
import type { GateSettings } from '../../gate/settings.ts';
import { toleranceOf } from '../../gate/decision/tolerances.ts';
import { cellKey } from '../../measure/plan.ts';
import type { CellId, CellSelection } from '../../model/cell.ts';
import type { Duet, GateSession, Side } from '../../model/gate.ts';
import { readManifest } from '../../own-files.ts';
import { formatDuration } from '../../report/quantities.ts';
import { showText } from '../../foreign-text.ts';
import { readEnvironment } from '../../store/environment.ts';
import { invocationOf } from '../../own-files.ts';
import { UserError } from '../../user-error.ts';
import type { Io } from '../command.ts';
import { startProgress } from '../progress.ts';
import type { DescribedSides } from './sides.ts';
import { describeSides } from './sides.ts';

export interface TwoRefsRequest {
  /** Absent for the merge base with the main branch. */
  readonly base: string | undefined;
  /** Absent for the working tree. */
  readonly head: string | undefined;
  /** What to measure and how much may change, given the baseline's configuration. */
  readonly choose: (config: GateConfig) => {
    readonly config: GateConfig;
    readonly selections: readonly CellSelection[];
  };
  /** Variables that the installs of the sides get beside the short list. */
  readonly passedVariables: readonly string[];
  readonly settings: GateSettings;
  readonly seed: number;
  readonly io: Io;
  /** The bench/ directory relative to the project, on all sides. */
  readonly benchDirectory: string;
  /** Makes the candidate slower on purpose: the share of its operations that are done twice. */
  readonly repeatedShare: number;
}

/** @throws {UserError} where a side cannot be had or nothing can be compared. */
export async function gateTwoRefs(request: TwoRefsRequest): Promise<GateSession> {
  const { base, head, io, settings, choose, seed, benchDirectory } = request;
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const warn = (text: string): void => {
    io.stderr.write(`wirebench: ${showText(text)}\n`);
  };
  const sides = await openSides({
    directory: io.cwd,
    base,
    head,
    passedVariables: request.passedVariables,
    signal: io.signal,
    onProgress: warn,
  });
  try {
    const described = await describeSides({ sides, benchDirectory, choose, io });
    described.warnings.forEach(warn);
    const { registries, selections, config, packages } = described;
    // Where wirebench is installed, its version decides which built-in contenders a side has.
    const describe = ({ side, ...place }: CheckedOutSide): Side => ({
      ...side,
      packages: readInstalledVersions([...packages, readManifest().name], place),
    });
    const planned = planGrid({ registries, selections, seed });
    const budgetMs = settings.budgetMs - (performance.now() - startedMs);
    const grid = fitGrid({ cells: planned.cells, settings, budgetMs });
    const { duets, unconfirmed } = await measure({
      ...request,
      config,
      openCorpus: described.openCorpus,
      sides,
      grid,
      budgetMs,
    });
    const evidence = grid.cells.map(({ planned: { id }, key }) => ({
      cell: id,
      tolerance: toleranceOf(id, config),
      duets: duets.filter(({ cell }) => cellKey(cell) === key),
    }));
    // A planned cell for which time ran out before its first duet is inconclusive; after Ctrl-C it is merely left out.
    const begun = evidence.filter(({ duets: own }) => own.length > 0);
    const cells = decide({
      cells: io.signal.aborted ? begun : evidence,
      falseAlarmRate: settings.falseAlarmRate,
      unconfirmed,
    });
    refuseEmpty(cells, io.signal);
    return {
      gateVersion: 1,
      invocation: invocationOf('gate'),
      startedAt,
      durationMs: Math.round(performance.now() - startedMs),
      seed,
      baseline: describe(sides.baseline),
      candidate: describe(sides.candidate),
      environment: await readEnvironment({ packages, directory: io.cwd }),
      falseAlarmRate: settings.falseAlarmRate,
      cells,
      leftOut: [
        ...planned.leftOut,
        ...grid.leftOut,
        ...(io.signal.aborted ? evidence.filter((cell) => !begun.includes(cell)) : []).map(({ cell }) => ({
          cell,
          reason: 'the session ended before its turn',
        })),
      ],
      verdict: verdictOfSession(cells),
      ...(io.signal.aborted ? { interrupted: true } : {}),
      warnings: [...sides.warnings, ...described.warnings],
    };
  } finally {
    sides.remove();
  }
}

interface MeasureRequest extends TwoRefsRequest {
  readonly config: GateConfig;
  readonly openCorpus: DescribedSides['openCorpus'];
  readonly sides: Sides;
  readonly grid: Grid;
  readonly budgetMs: number;
}

async function measure(request: MeasureRequest): Promise<{ duets: Duet[]; unconfirmed: CellId[] }> {
  const { sides, grid, config, openCorpus, settings, seed, io, budgetMs, repeatedShare } = request;
  const now = (): number => performance.now();
  const duets: Duet[] = [];
  const unconfirmed: CellId[] = [];
  let progress: ReturnType<typeof startProgress> | undefined;
  let doneMs = 0;
  let expectedMs = 0;
  try {
    const events = runGate({
      grid,
      runnersOf: () => ({
        baseline: { nodePath: sides.baseline.nodePath },
        candidate: { nodePath: sides.candidate.nodePath, repeatedShare },
      }),
      toleranceOf: (cell) => toleranceOf(cell, config),
      openCorpus,
      settings,
      seed,
      signal: io.signal,
      now,
      budgetMs,
    });
    for await (const event of events) {
      switch (event.type) {
        case 'stage': {
          progress?.stop();
          const count = `${event.cells.length} ${event.cells.length === 1 ? 'cell' : 'cells'}`;
          const what =
            event.stage === 'screen' ? `a first look at ${count}` : `fresh forks of ${count} that may have changed`;
          io.stderr.write(`wirebench: ${what}, about ${formatDuration(event.expectedMs)}\n`);
          progress = startProgress({ stderr: io.stderr, totalMs: Math.max(1, event.expectedMs), now });
          doneMs = 0;
          break;
        }
        case 'start':
          expectedMs = event.expectedMs;
          progress?.update(doneMs, event.cell.key);
          break;
        case 'duet':
          duets.push(event.duet);
          doneMs += expectedMs;
          break;
        case 'unconfirmed':
          unconfirmed.push(...event.cells);
          break;
      }
    }
  } finally {
    progress?.stop();
  }
  return { duets, unconfirmed };
}

function refuseEmpty(cells: GateSession['cells'], signal: AbortSignal): void {
  if (signal.aborted) {
    if (cells.length === 0) throw new UserError('stopped before anything was measured', { code: 130 });
    return;
  }
  if (cells.every(({ verdict }) => ['new', 'gone', 'unmeasured'].includes(verdict))) {
    const [first] = cells;
    throw new UserError(
      `nothing to compare: no cell is on both sides${first === undefined ? '' : `; ${cellKey(first.cell)}: ${showText(first.reason)}`}`,
      {
        hint: 'choose a base that has these contenders, or other cells',
      },
    );
  }
}
