/**
 * What a project may say in its `wirebench.config.ts`.
 *
 * Types and one function that gives them to the editor. Deliberately absent: reading the file (src/cli does that) and
 * defaults (src/gate has its own).
 */
import type { CellId, CellSelection, Tolerance } from './model.ts';

/** A tolerance for cells that agree in every field of `where`; of several that fit, the last one counts. */
interface ToleranceRule extends Partial<Tolerance> {
  readonly where: Partial<CellId>;
}

export interface GateConfig {
  /** Which cells the gate looks at when the command line names none; several selections add up. */
  readonly cells?: readonly CellSelection[];
  /** For every cell, unless a rule says otherwise. Shares: 0.03 allows 3%. */
  readonly tolerance?: Partial<Tolerance>;
  readonly tolerances?: readonly ToleranceRule[];
}

export interface WirebenchConfig {
  readonly gate?: GateConfig;
}

/** Gives an editor the types of a configuration; returns it as it is. */
export function defineConfig(config: WirebenchConfig): WirebenchConfig {
  return config;
}
