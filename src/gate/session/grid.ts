/**
 * Which cells a gate measures, and which of them fit into its time.
 *
 * The cells come from the candidate's contenders and the harness's payloads; a contender that only the baseline has is
 * in the grid too, so that its going is reported.
 */
import type { PlannedCell } from '../../measure/plan.ts';
import { planRun } from '../../measure/plan.ts';
import type { Registered } from '../../model/bench-module.ts';
import type { CellSelection, MicroCellId } from '../../model/cell.ts';
import type { CellRequest, Contender } from '../../model/contender.ts';
import type { Registry } from '../../registry/registry.ts';
import { UserError } from '../../user-error.ts';
import type { GateSettings } from '../settings.ts';
import type { GateRegistries } from '../sides/description.ts';
import { fewestScreenForks } from '../settings.ts';

/** A cell of the gate with the contender's module on each side; absent where that side has no such contender. */
export interface GateGridCell {
  readonly planned: PlannedCell;
  readonly key: string;
  readonly urls: { readonly baseline: string | undefined; readonly candidate: string | undefined };
  /** Why a side's contender declines the cell, where the other one does it. */
  readonly refusals?: { readonly baseline?: string; readonly candidate?: string };
}

export interface Grid {
  readonly cells: readonly GateGridCell[];
  readonly leftOut: readonly { readonly cell: MicroCellId; readonly reason: string }[];
  readonly screenForks: number;
}

/**
 * @param request.selections what the user or the configuration asks for; several add up.
 * @throws {UserError} for an unknown name and where nothing is left to measure.
 */
export function planGrid(request: {
  registries: GateRegistries;
  selections: readonly CellSelection[];
  seed: number;
}): Pick<Grid, 'cells' | 'leftOut'> {
  const {
    registries: { harness, baseline, candidate },
    selections,
    seed,
  } = request;
  const known = new Set(candidate.map(({ id }) => id));
  const refusalIn = (side: readonly Registered<Contender>[], id: MicroCellId): string | undefined =>
    side.find((contender) => contender.id === id.contender)?.unsupported?.(id);
  // A cell is planned unless every side that has the contender declines it.
  const contenders = [...candidate, ...baseline.filter(({ id }) => !known.has(id))].map((contender) => ({
    ...contender,
    unsupported: (asked: CellRequest): string | undefined => {
      const reasons = [candidate, baseline]
        .flatMap((side) => side.filter(({ id }) => id === contender.id))
        .map((own) => own.unsupported?.(asked));
      return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
    },
  }));
  const registry: Registry = { ...harness, contenders };
  const cells = new Map<string, GateGridCell>();
  const leftOut = new Map<string, Grid['leftOut'][number]>();
  for (const selection of selections) {
    const plan = planRun({ registry, profile: 'standard', selection, seed });
    for (const planned of plan.cells) {
      if (planned.suite.method !== 'latency') continue;
      if (selection.contenders !== undefined && !selection.contenders.includes(planned.id.contender)) continue;
      if (planned.unsupported === undefined) {
        const urlIn = (side: readonly Registered<Contender>[]): string | undefined =>
          side.find(({ id }) => id === planned.contender.id)?.url;
        const [older, newer] = [refusalIn(baseline, planned.id), refusalIn(candidate, planned.id)];
        const refusals =
          older === undefined && newer === undefined
            ? {}
            : {
                refusals: {
                  ...(older === undefined ? {} : { baseline: older }),
                  ...(newer === undefined ? {} : { candidate: newer }),
                },
              };
        cells.set(planned.key, {
          planned,
          key: planned.key,
          urls: { baseline: urlIn(baseline), candidate: urlIn(candidate) },
          ...refusals,
        });
      } else {
        leftOut.set(planned.key, { cell: planned.id, reason: planned.unsupported });
      }
    }
  }
  if (cells.size === 0) {
    throw new UserError('nothing to measure: the selection has no cell whose time can be taken', {
      hint: 'widen it; `wirebench run --list` shows what there is, and only suites of latencies count here',
    });
  }
  return { cells: [...cells.values()], leftOut: [...leftOut.values()] };
}

// Of one duet beside its blocks: processes, imports, values and their check; seen on a 2-core virtual machine.
const startMs = 450;
const perItemMs = 0.25;
/** Of one turn beside its block: garbage for another fill of the young generation, asking for a block and a probe. */
const besideBlockMs = 6;
/** Share of cells that a first look suspects where nothing changed, for an estimate; the low bar is on purpose. */
const expectedSuspects = 0.5;
/** Suspects that a plan leaves time for up to the last look. */
const openSuspects = 2;

/** Milliseconds of one duet, roughly. */
export function estimateDuetMs(items: number, shape: { arms: number; turns: number; settings: GateSettings }): number {
  const {
    arms,
    turns,
    settings: { sampler },
  } = shape;
  const perBlockMs = sampler.blockNs / 1e6 + besideBlockMs;
  return startMs + items * perItemMs + arms * (sampler.warmupNs / 1e6 + (turns + 1) * perBlockMs);
}

/** Milliseconds that both stages take, with as many suspects as are to be expected. */
export function estimateGridMs(cells: readonly GateGridCell[], screenForks: number, settings: GateSettings): number {
  const sum = (arms: number, turns: number): number =>
    cells.reduce((total, { planned }) => total + estimateDuetMs(planned.id.items, { arms, turns, settings }), 0);
  const screenMs = screenForks * sum(2, settings.screenTurns);
  const { looks } = settings;
  const [first = 0, last = first] = [looks[0], looks.at(-1)];
  const open = Math.min(openSuspects, cells.length);
  const duets = first * Math.max(open, expectedSuspects * cells.length) + (last - first) * open;
  return screenMs + (duets * sum(3, settings.confirmTurns)) / cells.length;
}

/**
 * Leaves out what does not fit: first a duet of the first look, then cells, the last ones of the selection first.
 * @throws {UserError} where not even one cell fits.
 */
export function fitGrid(request: { cells: readonly GateGridCell[]; settings: GateSettings; budgetMs: number }): Grid {
  const { cells, settings, budgetMs } = request;
  if (estimateGridMs(cells, settings.screenForks, settings) <= budgetMs)
    return { cells, leftOut: [], screenForks: settings.screenForks };
  let kept = cells.length;
  while (kept > 0 && estimateGridMs(cells.slice(0, kept), fewestScreenForks, settings) > budgetMs) kept -= 1;
  if (kept === 0) {
    throw new UserError('the budget is too short for a single cell', { hint: 'give it two minutes at least' });
  }
  const leftOut = cells
    .slice(kept)
    .map(({ planned }) => ({ cell: planned.id, reason: 'does not fit into the time budget' }));
  return { cells: cells.slice(0, kept), leftOut, screenForks: fewestScreenForks };
}
