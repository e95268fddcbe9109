/**
 * Turns what the user asked for into the list of cells to measure.
 *
 * The plan is complete before anything runs: what cannot be done is in it with its reason, so that nothing disappears
 * silently. The order of measuring is another matter (schedule.ts).
 */
import { groupBy, nameCell, nameGroup } from '../compare/cells.ts';
import type { Profile, Registered } from '../model/bench-module.ts';
import type { CellSelection, MicroCellId } from '../model/cell.ts';
import type { Contender } from '../model/contender.ts';
import type { KnownMetric } from '../model/metric-definition.ts';
import type { Payload } from '../model/payload.ts';
import type { PlannedShard } from '../model/run-plan.ts';
import type { LatencySuite, ObservationSuite, SizeSuite, Suite } from '../model/suite.ts';
import type { Sink, Variant } from '../model/values.ts';
import type { Registry } from '../registry/registry.ts';
import { isWithin, profileOrder } from '../registry/tiers.ts';
import { unknownName, UserError } from '../user-error.ts';
import type { ProfileSettings } from './profiles.ts';
import { profiles } from './profiles.ts';

export interface PlannedCell {
  readonly id: MicroCellId;
  /** Its name. */
  readonly key: string;
  /** Cells of one group are measured as neighbours, and their speedups are formed among them. */
  readonly group: string;
  readonly suite: Registered<Suite>;
  readonly contender: Registered<Contender>;
  /** Absent in an observation suite, whose inputs are its own. */
  readonly payload: Registered<Payload> | undefined;
  /** Why the cell cannot be measured; it is reported, not run. */
  readonly unsupported: string | undefined;
  /** Rounds in which the cell takes part. */
  readonly forks: { readonly min: number; readonly max: number };
}

export interface Plan {
  readonly profile: Profile;
  readonly settings: ProfileSettings;
  /** Seeds the catalogs and the order of measuring. */
  readonly seed: number;
  readonly cells: readonly PlannedCell[];
  /** Keys of cells that take part in their ensembles twice, to see what identical code reads beside itself. */
  readonly twins: ReadonlySet<string>;
  /** Contender that speedups are quoted against, by suite. */
  readonly references: Readonly<Record<string, string>>;
  /** What is read from each fork. */
  readonly metrics: readonly KnownMetric[];
  /** Present where only the cells of a part of the groups are left. */
  readonly shard?: PlannedShard;
}

/** The `payload` of an observation suite's cells. */
const observationPayload = 'inputs';

/**
 * Plans a run.
 * @param request.forks replaces the profile's numbers of forks.
 * @throws {UserError} for an unknown name, with the nearest one, and where nothing is left to measure.
 */
export function planRun(request: {
  registry: Registry;
  profile: Profile;
  selection: CellSelection;
  seed: number;
  forks?: number | undefined;
}): Plan {
  const { registry, profile, selection, seed, forks } = request;
  checkNames('suite', selection.suites, registry.suites);
  checkNames('contender', selection.contenders, registry.contenders);
  checkNames('payload', selection.payloads, registry.payloads);

  const settings = profiles[profile];
  const suites = registry.suites.filter(
    (suite) =>
      (selection.suites ?? [suite.id]).includes(suite.id) &&
      (selection.suites !== undefined || isWithin(suite.tier, profile)),
  );
  const context = { ...request, settings, forks };
  const cells = suites.flatMap((suite) => planSuite(suite, context));
  if (!cells.some((cell) => cell.unsupported === undefined)) throw nothingLeft(cells);
  return {
    profile,
    settings,
    seed,
    cells,
    twins: chooseTwins(cells),
    references: Object.fromEntries(suites.map((suite) => [suite.id, suite.reference])),
    metrics: registry.metrics,
  };
}

/** Every so many groups have a twin of their reference: enough to know the machine, and little of the time. */
const groupsPerTwin = 6;

function chooseTwins(cells: readonly PlannedCell[]): Set<string> {
  const timed = cells.filter(({ suite, unsupported }) => suite.method === 'latency' && unsupported === undefined);
  const groups = [...groupBy(timed, ({ group }) => group).values()];
  return new Set(
    groups
      .filter((_, index) => index % groupsPerTwin === 0)
      .flatMap((group) => group.filter(({ suite, contender }) => suite.reference === contender.id))
      .map(({ key }) => key),
  );
}

interface PlanContext {
  readonly registry: Registry;
  readonly profile: Profile;
  readonly settings: ProfileSettings;
  readonly selection: CellSelection;
  readonly forks?: number | undefined;
}

function planSuite(suite: Registered<Suite>, context: PlanContext): PlannedCell[] {
  switch (suite.method) {
    case 'latency':
      return planCorpusSuite(suite, context, {
        sinks: context.settings.sinks === 'headline' ? suite.sinks.slice(0, 1) : suite.sinks,
        allowedSinks: suite.sinks,
        variants: context.settings.sinks === 'headline' ? suite.headlineVariants : undefined,
        sizesOf: (payload) => keepSizes(payload.sizes, context.settings.sizes),
        forks:
          context.forks === undefined
            ? { min: context.settings.minForks, max: context.settings.maxForks }
            : { min: context.forks, max: context.forks },
      });
    case 'size':
      return planCorpusSuite(suite, context, {
        sinks: ['bytes'],
        allowedSinks: ['bytes'],
        variants: undefined,
        sizesOf: (payload) => (payload.fixedSizes === true ? payload.sizes : suite.sizes),
        forks: { min: context.settings.sizeForks, max: context.settings.sizeForks },
      });
    case 'observation':
      return planObservations(suite, context);
  }
}

function planCorpusSuite(
  suite: Registered<LatencySuite> | Registered<SizeSuite>,
  context: PlanContext,
  shape: {
    sinks: readonly Sink[];
    allowedSinks: readonly Sink[];
    /** Where the user does not ask for any; `undefined` for all. */
    variants: readonly Variant[] | undefined;
    sizesOf: (payload: Registered<Payload>) => readonly number[];
    forks: PlannedCell['forks'];
  },
): PlannedCell[] {
  const { registry, selection, profile } = context;
  const contenders = selectContenders(suite, context);
  // The payloads of smaller profiles first, so that a report begins with what matters most.
  const payloads = registry.payloads
    .filter(
      (payload) =>
        suite.payloads(payload) && (selection.payloads?.includes(payload.id) ?? isWithin(payload.tier, profile)),
    )
    .toSorted((a, b) => profileOrder.indexOf(a.tier) - profileOrder.indexOf(b.tier));
  const sinks =
    selection.sinks === undefined ? shape.sinks : shape.allowedSinks.filter((sink) => selection.sinks?.includes(sink));
  const cells: PlannedCell[] = [];
  for (const payload of payloads) {
    const sizes = payload.fixedSizes === true ? payload.sizes : (selection.items ?? shape.sizesOf(payload));
    const wantedVariants = selection.variants ?? shape.variants;
    const variants = payload.variants.filter((variant) => wantedVariants?.includes(variant) ?? true);
    for (const sink of sinks) {
      for (const variant of variants) {
        for (const items of sizes) {
          for (const contender of contenders) {
            cells.push(planCell({ suite, contender, payload, items, variant, sink, forks: shape.forks }));
          }
        }
      }
    }
  }
  return cells;
}

function planCell(request: {
  suite: Registered<Suite>;
  contender: Registered<Contender>;
  payload: Registered<Payload>;
  items: number;
  variant: Variant;
  sink: Sink;
  forks: PlannedCell['forks'];
}): PlannedCell {
  const { suite, contender, payload, forks, items, variant, sink } = request;
  const id: MicroCellId = { suite: suite.id, contender: contender.id, payload: payload.id, items, variant, sink };
  return {
    id,
    key: nameCell(id),
    group: nameGroup(id),
    suite,
    contender,
    payload,
    unsupported:
      payload.unsupported?.() ?? contender.unsupported?.(id) ?? findForeignForm(contender, { payload, variant }),
    forks,
  };
}

/** A payload that makes its native form itself makes it of JavaScript objects, of which another program has none. */
function findForeignForm(
  contender: Contender,
  { payload, variant }: { payload: Payload; variant: Variant },
): string | undefined {
  const isForeign = contender.python !== undefined && variant === 'native' && payload.revive !== undefined;
  return isForeign ? 'the native form of this payload is made of JavaScript objects' : undefined;
}

function planObservations(suite: Registered<ObservationSuite>, context: PlanContext): PlannedCell[] {
  // Looking costs next to nothing, so every contender has its row unless the user asks for some only.
  const { selection } = context;
  if (selection.payloads !== undefined && selection.suites === undefined) return [];
  return context.registry.contenders
    .filter((contender) => suite.contenders(contender) && (selection.contenders?.includes(contender.id) ?? true))
    .map((contender) => {
      const id: MicroCellId = {
        suite: suite.id,
        contender: contender.id,
        payload: observationPayload,
        items: 1,
        variant: 'native',
        sink: 'bytes',
      };
      return {
        id,
        key: nameCell(id),
        group: nameGroup(id),
        suite,
        contender,
        payload: undefined,
        unsupported: undefined,
        forks: { min: 1, max: 1 },
      };
    });
}

/** The suite's contenders that the user or the profile wants; the reference is always among them. */
function selectContenders(suite: Registered<Suite>, context: PlanContext): Registered<Contender>[] {
  const { registry } = context;
  const company = new Set(
    registry.contenders.filter((contender) => isReferred(contender, context)).flatMap(({ beside = [] }) => beside),
  );
  const wanted = registry.contenders.filter(
    (contender) => suite.contenders(contender) && isWanted(contender, context, company),
  );
  if (wanted.length === 0) return [];
  return registry.contenders.filter(
    (contender) => wanted.includes(contender) || (contender.id === suite.reference && suite.contenders(contender)),
  );
}

/** True for a contender of another program that the user wants to compare with. */
function isReferred({ python }: Contender, { selection }: PlanContext): boolean {
  return python !== undefined && selection.references?.includes('python') === true;
}

function isWanted(contender: Registered<Contender>, context: PlanContext, company: ReadonlySet<string>): boolean {
  if (isReferred(contender, context)) return true;
  const { selection, profile } = context;
  if (selection.contenders !== undefined) return selection.contenders.includes(contender.id);
  // Another program takes part only where it was asked for.
  return contender.python === undefined && (isWithin(contender.tier, profile) || company.has(contender.id));
}

function keepSizes(sizes: readonly number[], kept: readonly number[] | undefined): readonly number[] {
  const common = sizes.filter((size) => kept?.includes(size) ?? true);
  return common.length > 0 ? common : sizes;
}

function checkNames(what: string, names: readonly string[] | undefined, known: readonly { id: string }[]): void {
  const choices = known.map(({ id }) => id);
  for (const name of names ?? []) {
    if (!choices.includes(name)) throw unknownName({ what, name, choices });
  }
}

function nothingLeft(cells: readonly PlannedCell[]): UserError {
  const [first] = cells;
  const why = first === undefined ? 'no suite has cells for this selection' : `${first.key}: ${first.unsupported}`;
  return new UserError(`nothing to measure: ${why}`, { hint: 'widen the selection; --list shows what a plan holds' });
}
