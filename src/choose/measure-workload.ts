/**
 * Measures a workload with every contender: a first look at all of them, rounds of fresh processes for those that may
 * be recommended, and the sizes of what they write.
 *
 * The first look runs with a shorter procedure and decides only who is worth more time.
 */
import { medianOf } from '../compare/cells.ts';
import { assembleForks } from '../compare/assemble-forks.ts';
import { estimateForkMs, estimatePlanMs } from '../measure/estimate.ts';
import type { Plan, PlannedCell } from '../measure/plan.ts';
import { planRun } from '../measure/plan.ts';
import type { SamplerSettings } from '../measure/profiles.ts';
import { profiles } from '../measure/profiles.ts';
import { runPlan } from '../measure/session.ts';
import type { Registered } from '../model/bench-module.ts';
import type { ForkOutcome, MicroCell } from '../model/cell.ts';
import type { Capability, SerializeContender } from '../model/contender.ts';
import type { Payload } from '../model/payload.ts';
import type { Progress } from '../model/progress.ts';
import type { LatencySuite, SizeSuite } from '../model/suite.ts';
import type { Variant } from '../model/values.ts';
import type { Runtime } from '../model/runtime.ts';
import type { Registry } from '../registry/registry.ts';
import { selectFinalists } from './decision/decide.ts';
import type { ChooseSettings } from './settings.ts';
import { largeSampleBytes } from './settings.ts';

/** One kind of response that is to be measured. */
export interface PartToMeasure {
  readonly payload: Registered<Payload>;
  readonly items: number;
  readonly variant: Variant;
  readonly share: number;
}

export interface MeasureRequest {
  readonly registry: Registry;
  readonly parts: readonly PartToMeasure[];
  /** Ids; the reference of the suite is always measured. */
  readonly contenders: readonly string[];
  readonly refused: ReadonlyMap<string, string>;
  readonly accepted: readonly Capability[];
  readonly settings: ChooseSettings;
  readonly seed: number;
  /** Absent for the running one. */
  readonly runtime?: Runtime;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** What it runs under, for the progress. */
  readonly runtimeName: string;
}

/** The stages, and how the progress begins to tell of each. */
const stages = {
  'first-look': 'a first look at',
  sizes: 'sizes of',
  rounds: 'rounds of fresh processes for',
} as const;

/** Cells of the three stages, ready for the decision; what an interruption left out is missing. */
export interface MeasuredWorkload {
  readonly reference: string;
  readonly firstLook: readonly MicroCell[];
  readonly cells: readonly MicroCell[];
  readonly sizes: readonly MicroCell[];
}

/** @throws {UserError} where a contender is unknown or a payload's schema is broken. */
export async function measureWorkload(request: MeasureRequest): Promise<MeasuredWorkload> {
  const { settings } = request;
  const suites = findSuites(request.registry);
  const { reference } = suites.latency;

  const firstLookPlan = planParts(request, {
    suite: suites.latency,
    contenders: request.contenders,
    sampler: { ...settings.screenSampler, catalogs: 1 },
    rounds: { min: 1, max: 1 },
  });
  const looked = await carryOut(request, { plan: firstLookPlan, stage: 'first-look' });
  const firstLook = assemble(firstLookPlan, looked, () => true);

  const finalists = selectFinalists({
    contenders: serializersOf(request.registry).filter(({ id }) => request.contenders.includes(id) || id === reference),
    reference,
    parts: request.parts.map(toDecidedPart),
    firstLook,
    refused: request.refused,
    accepted: request.accepted,
    screenFactor: settings.screenFactor,
  });
  if (request.signal.aborted || finalists.length === 0) return { reference, firstLook, cells: [], sizes: [] };

  const largestBytes = Math.max(0, ...firstLook.map((cell) => medianOf(cell, 'outputBytes') ?? 0));
  const sampler = largestBytes > largeSampleBytes ? { ...settings.sampler, catalogs: 1 } : settings.sampler;
  const roundsPlan = planParts(request, {
    suite: suites.latency,
    contenders: finalists,
    sampler,
    rounds: { min: settings.minRounds, max: settings.maxRounds },
  });
  const sizesPlan =
    suites.size === undefined
      ? undefined
      : planParts(request, {
          suite: suites.size,
          contenders: finalists,
          sampler,
          rounds: { min: 1, max: 1 },
        });
  // Sizes first: they are short, and a report that was interrupted later still has them.
  const sized = sizesPlan === undefined ? [] : await carryOut(request, { plan: sizesPlan, stage: 'sizes' });
  const measured = await carryOut(request, { plan: roundsPlan, stage: 'rounds' });
  return {
    reference,
    firstLook,
    cells: assemble(roundsPlan, measured, (cell) => finalists.includes(cell.id.contender)),
    sizes: sizesPlan === undefined ? [] : assemble(sizesPlan, sized, () => true),
  };
}

/** What the decision has to know of a part. */
export function toDecidedPart({ payload, items, variant, share }: PartToMeasure): {
  payload: string;
  items: number;
  variant: Variant;
  share: number;
} {
  return { payload: payload.id, items, variant, share };
}

function findSuites(registry: Registry): {
  latency: Registered<LatencySuite>;
  size: Registered<SizeSuite> | undefined;
} {
  const serializers = serializersOf(registry);
  const latency = registry.suites.find(
    (suite): suite is Registered<LatencySuite> =>
      suite.method === 'latency' &&
      suite.layout === 'by-size' &&
      serializers.some((contender) => suite.contenders(contender)),
  );
  if (latency === undefined) throw new Error('bench/suites has no suite that times serializers by size');
  const size = registry.suites.find((suite): suite is Registered<SizeSuite> => suite.method === 'size');
  return { latency, size };
}

function serializersOf(registry: Registry): Registered<SerializeContender>[] {
  return registry.contenders.filter(
    (contender): contender is Registered<SerializeContender> =>
      contender.kind === 'serialize' && contender.python === undefined,
  );
}

function planParts(
  { registry, parts, seed }: MeasureRequest,
  shape: {
    suite: Registered<LatencySuite> | Registered<SizeSuite>;
    contenders: readonly string[];
    sampler: SamplerSettings;
    rounds: { min: number; max: number };
  },
): Plan {
  const { suite, contenders, sampler, rounds } = shape;
  const wanted = [...new Set([...contenders, suite.reference])];
  const plans = parts.map(({ payload, items, variant }) =>
    planRun({
      registry,
      profile: 'standard',
      selection: {
        suites: [suite.id],
        contenders: wanted,
        payloads: [payload.id],
        items: [items],
        variants: [variant],
        sinks: ['bytes'],
      },
      seed,
    }),
  );
  const cells = new Map<string, PlannedCell>();
  for (const cell of plans.flatMap((plan) => plan.cells)) cells.set(cell.key, { ...cell, forks: rounds });
  return {
    profile: 'standard',
    settings: { ...profiles.standard, sampler, budgetMs: undefined },
    seed,
    cells: [...cells.values()],
    twins: new Set(),
    references: { [suite.id]: suite.reference },
    metrics: registry.metrics,
  };
}

async function carryOut(
  request: MeasureRequest,
  { plan, stage }: { plan: Plan; stage: keyof typeof stages },
): Promise<ForkOutcome[]> {
  const { signal, progress, runtime, runtimeName, settings } = request;
  const budgetMs = stage === 'rounds' && Number.isFinite(settings.budgetMs) ? settings.budgetMs : undefined;
  const budgeted: Plan = { ...plan, settings: { ...plan.settings, budgetMs } };
  const { size } = new Set(
    plan.cells.filter(({ unsupported }) => unsupported === undefined).map(({ id }) => id.contender),
  );
  progress.beginStage({
    title: `${runtimeName}: ${stages[stage]} ${size} ${size === 1 ? 'contender' : 'contenders'}`,
    expectedMs: estimatePlanMs(budgeted),
  });
  const now = (): number => performance.now();
  const outcomes: ForkOutcome[] = [];
  try {
    for await (const event of runPlan({ plan: budgeted, signal, now, ...(runtime === undefined ? {} : { runtime }) })) {
      if (event.type === 'outcome') outcomes.push(event.outcome);
      else {
        const expectedMs = event.cells.reduce((sum, cell) => sum + estimateForkMs(cell, plan), 0);
        progress.beginTask(labelOf(event.cells), expectedMs);
      }
    }
  } finally {
    progress.end();
  }
  return outcomes;
}

function labelOf([first, ...others]: readonly PlannedCell[]): string {
  const { contender, payload } = (first as PlannedCell).id;
  return `${others.length === 0 ? contender : `${others.length + 1} contenders`} on ${payload}`;
}

function assemble(plan: Plan, outcomes: readonly ForkOutcome[], isWanted: (cell: MicroCell) => boolean): MicroCell[] {
  return assembleForks(plan, outcomes).filter((cell) => isWanted(cell));
}
