/**
 * Measures now what a stored run measured then, and says which cells deserve a closer look.
 */
import path from 'node:path';

import type { GateConfig } from '../../config.ts';
import { compareWithBaseline } from '../../compare/baseline.ts';
import type { BaselineCell } from '../../compare/baseline.ts';
import { toleranceOf } from '../decision/tolerances.ts';
import { estimateForkMs, estimatePlanMs } from '../../measure/estimate.ts';
import type { Plan } from '../../measure/plan.ts';
import { isTimed, nameCell } from '../../compare/cells.ts';
import { planRun } from '../../measure/plan.ts';
import { runPlan } from '../../measure/session.ts';
import type { CellSelection, ForkOutcome, MicroCellId } from '../../model/cell.ts';
import type { Progress } from '../../model/progress.ts';
import type { Run } from '../../model/run.ts';
import type { Surroundings } from '../../model/surroundings.ts';
import { differingFields, readEnvironment } from '../../store/environment.ts';
import { readStoredRun } from '../../runs/stored-run.ts';
import { UserError } from '../../user-error.ts';
import { assembleRun } from '../../runs/assemble-run.ts';
import { loadCatalog } from '../../registry/catalog.ts';

/** One that lives in the runtime and one in plain JavaScript: what moves only one of them is not the machine. */
const references: readonly string[] = ['json-stringify', 'safe-stable-stringify'];

export interface BaselineComparison {
  readonly cells: readonly BaselineCell[];
  /** Cells that were timed then and cannot be now, or are wrong now. */
  readonly broken: readonly { readonly cell: MicroCellId; readonly reason: string }[];
  /** Of the stored run, where it was measured in a git checkout. */
  readonly commit: string | undefined;
  readonly interrupted: boolean;
}

/**
 * @throws {UserError} where the file is no run, was measured elsewhere, or has no cell in common with the selection.
 */
export async function gateOnBaseline(request: {
  file: string;
  selections: readonly CellSelection[];
  config: GateConfig;
  budgetMs: number;
  surroundings: Surroundings;
  progress: Progress;
}): Promise<BaselineComparison> {
  const { file, selections, config, budgetMs, surroundings, progress } = request;
  const { cwd, signal } = surroundings;
  const stored = await readStoredRun(path.resolve(cwd, file));
  const environment = await readEnvironment({ packages: Object.keys(stored.environment.packages), directory: cwd });
  refuseOtherMachine(file, stored, environment);

  const payloads = [...new Set(stored.cells.map(({ id }) => id.payload))];
  const registry = await loadCatalog({ payloads, directory: cwd });
  const timed = new Set(stored.cells.filter(isTimed).map(({ id }) => nameCell(id)));
  const plan = mergePlans(
    selections.map((selection) =>
      planRun({
        registry,
        profile: 'standard',
        selection: {
          ...selection,
          ...(selection.contenders === undefined ? {} : { contenders: [...selection.contenders, ...references] }),
        },
        seed: stored.seed,
      }),
    ),
    { timed, budgetMs },
  );
  if (plan.cells.length === 0) {
    throw new UserError(`${file} has none of the cells that were asked for`, {
      hint: 'choose cells that it has, or measure a new baseline with `wirebench run --out`',
    });
  }
  const { outcomes, elapsedMs } = await measure(plan, { signal, progress });
  const current = assembleRun({
    header: {
      journalVersion: 1,
      startedAt: stored.startedAt,
      profile: plan.profile,
      seed: plan.seed,
      selection: {},
      environment,
    },
    plan,
    outcomes,
    elapsedMs,
    interrupted: signal.aborted,
  });
  const cells = compareWithBaseline({
    baseline: stored.cells,
    current: current.cells,
    references,
    toleranceOf: (cell) => toleranceOf(cell, config),
  });
  const broken = current.cells
    .filter(({ status }) => status !== 'ok')
    .map((cell) => ({ cell: cell.id, reason: `${cell.status}: ${cell.reason ?? 'no reason given'}` }));
  // A comparison of nothing must not look like one that found nothing.
  if (cells.length === 0 && broken.length === 0 && !signal.aborted) {
    throw new UserError(`${file} cannot be compared with: none of its cells stands beside ${references.join(' or ')}`, {
      hint: 'measure a baseline that has one of them in the same suite, payload and size',
    });
  }
  return {
    cells,
    broken,
    commit: stored.environment.commit,
    interrupted: signal.aborted,
  };
}

function refuseOtherMachine(file: string, stored: Run, environment: Run['environment']): void {
  const differing = differingFields(stored.environment, environment);
  if (differing.length === 0) return;
  const { commit } = stored.environment;
  const instead = commit === undefined ? 'use --base REF' : `use --base ${commit.replace(/-dirty$/, '')}`;
  throw new UserError(`cannot compare with ${file}: it was measured elsewhere: ${differing.join(', ')} differ`, {
    hint: `measure a new baseline here with \`wirebench run --out\`, or ${instead}, which measures both sides now`,
  });
}

/** The cells of all plans that the baseline has, once each. */
function mergePlans(
  plans: readonly Plan[],
  { timed, budgetMs }: { timed: ReadonlySet<string>; budgetMs: number },
): Plan {
  const [first] = plans as [Plan, ...Plan[]];
  const cells = new Map(
    plans
      .flatMap((plan) => plan.cells)
      .filter(({ key }) => timed.has(key))
      .map((cell) => [cell.key, cell]),
  );
  return { ...first, cells: [...cells.values()], settings: { ...first.settings, budgetMs } };
}

async function measure(
  plan: Plan,
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<{ outcomes: ForkOutcome[]; elapsedMs: number }> {
  const now = (): number => performance.now();
  const startedMs = now();
  const outcomes: ForkOutcome[] = [];
  progress.beginStage({ expectedMs: estimatePlanMs(plan) });
  try {
    for await (const event of runPlan({ plan, signal, now })) {
      if (event.type === 'outcome') outcomes.push(event.outcome);
      else {
        const expectedMs = event.cells.reduce((sum, cell) => sum + estimateForkMs(cell, plan), 0);
        progress.beginTask(event.cells[0]?.group ?? '', expectedMs);
      }
    }
  } finally {
    progress.end();
  }
  return { outcomes, elapsedMs: now() - startedMs };
}
