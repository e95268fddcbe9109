/**
 * Gates one ref against another: both sides on disk, measured in turns, decided; the session as data.
 */
import type { GateConfig } from '../../config.ts';
import type { CheckedOutSide, Sides } from '../sides/open-sides.ts';
import { openSides } from '../sides/open-sides.ts';
import { decide, verdictOfSession } from '../decision/decide.ts';
import { gatherEvidence } from '../decision/evidence.ts';
import type { Grid } from './grid.ts';
import { fitGrid, planGrid } from './grid.ts';
import { readInstalledVersions } from '../sides/packages.ts';
import { runGate } from './session.ts';
import type { GateSettings } from '../settings.ts';
import { toleranceOf } from '../decision/tolerances.ts';
import { nameCell } from '../../compare/cells.ts';
import type { CellSelection, MicroCellId } from '../../model/cell.ts';
import type { Duet, GateSession, Side } from '../../model/gate.ts';
import type { Progress } from '../../model/progress.ts';
import type { Surroundings } from '../../model/surroundings.ts';
import { readManifest } from '../../own-files.ts';
import { showText } from '../../foreign-text.ts';
import { readEnvironment } from '../../store/environment.ts';
import { invocationOf } from '../../own-files.ts';
import { UserError } from '../../user-error.ts';
import type { DescribedSides } from '../sides/describe-sides.ts';
import { describeSides } from '../sides/describe-sides.ts';

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
  readonly surroundings: Surroundings;
  readonly progress: Progress;
  /** The bench/ directory relative to the project, on all sides. */
  readonly benchDirectory: string;
  /** Makes the candidate slower on purpose: the share of its operations that are done twice. */
  readonly repeatedShare: number;
}

/** @throws {UserError} where a side cannot be had or nothing can be compared. */
export async function gateTwoRefs(request: TwoRefsRequest): Promise<GateSession> {
  const { base, head, surroundings, progress, settings, choose, seed, benchDirectory } = request;
  const { cwd, signal } = surroundings;
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const sides = await openSides({
    directory: cwd,
    base,
    head,
    passedVariables: request.passedVariables,
    signal,
    onProgress: progress.say,
  });
  try {
    const described = await describeSides({ sides, benchDirectory, choose, surroundings });
    described.warnings.forEach(progress.say);
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
    const evidence = gatherEvidence({
      cells: grid.cells.map((cell) => cell.planned.id),
      duets,
      toleranceOf: (cell) => toleranceOf(cell, config),
    });
    // A planned cell for which time ran out before its first duet is inconclusive; after Ctrl-C it is merely left out.
    const begun = evidence.filter(({ duets: own }) => own.length > 0);
    const cells = decide({
      cells: signal.aborted ? begun : evidence,
      falseAlarmRate: settings.falseAlarmRate,
      looks: settings.looks,
      unconfirmed,
    });
    refuseEmpty(cells, signal);
    return {
      gateVersion: 1,
      invocation: invocationOf('gate'),
      startedAt,
      durationMs: Math.round(performance.now() - startedMs),
      seed,
      baseline: describe(sides.baseline),
      candidate: describe(sides.candidate),
      environment: await readEnvironment({ packages, directory: cwd }),
      falseAlarmRate: settings.falseAlarmRate,
      cells,
      leftOut: [
        ...planned.leftOut,
        ...grid.leftOut,
        ...(signal.aborted ? evidence.filter((cell) => !begun.includes(cell)) : []).map(({ cell }) => ({
          cell,
          reason: 'the session ended before its turn',
        })),
      ],
      verdict: verdictOfSession(cells),
      ...(signal.aborted ? { interrupted: true } : {}),
      warnings: [...sides.warnings, ...described.warnings],
    };
  } finally {
    sides.remove();
  }
}

interface DuetsRequest extends TwoRefsRequest {
  readonly config: GateConfig;
  readonly openCorpus: DescribedSides['openCorpus'];
  readonly sides: Sides;
  readonly grid: Grid;
  readonly budgetMs: number;
}

async function measure(request: DuetsRequest): Promise<{ duets: Duet[]; unconfirmed: MicroCellId[] }> {
  const { sides, grid, config, openCorpus, settings, seed, surroundings, progress, budgetMs, repeatedShare } = request;
  const now = (): number => performance.now();
  const duets: Duet[] = [];
  const unconfirmed: MicroCellId[] = [];
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
      signal: surroundings.signal,
      now,
      budgetMs,
    });
    for await (const event of events) {
      switch (event.type) {
        case 'stage': {
          const count = `${event.cells.length} ${event.cells.length === 1 ? 'cell' : 'cells'}`;
          const title =
            event.stage === 'screen'
              ? `a first look at ${count}`
              : event.before === 0
                ? `fresh duets of ${count} that may have changed`
                : `more fresh duets of ${count} still open after ${event.before}`;
          progress.beginStage({ title, expectedMs: event.expectedMs });
          break;
        }
        case 'start':
          progress.beginTask(event.cell.key, event.expectedMs);
          break;
        case 'duet':
          duets.push(event.duet);
          break;
        case 'unconfirmed':
          unconfirmed.push(...event.cells);
          break;
      }
    }
  } finally {
    progress.end();
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
      `nothing to compare: no cell is on both sides${first === undefined ? '' : `; ${nameCell(first.cell)}: ${showText(first.reason)}`}`,
      {
        hint: 'choose a base that has these contenders, or other cells',
      },
    );
  }
}
