/**
 * What a project may say in its `wirebench.config.ts`, and what its own contenders and payloads are made of.
 *
 * Types, and one function that gives them to the editor. The file is read by src/store/config-file.ts, the modules that
 * it names are loaded by src/registry.
 */
import type { CellSelection, MicroCellId } from './model/cell.ts';
import type { ParseContender, SerializeContender } from './model/contender.ts';
import type { Payload } from './model/payload.ts';
import type { Tolerance } from './model/gate.ts';

/** A tolerance for cells that agree in every field of `where`; of several that fit, the last one counts. */
interface ToleranceRule extends Partial<Tolerance> {
  readonly where: Partial<MicroCellId>;
}

export interface GateConfig {
  /** Which cells the gate looks at when the command line names none; several selections add up. */
  readonly cells?: readonly CellSelection[];
  /** For every cell, unless a rule says otherwise. Shares: 0.03 allows 3%. */
  readonly tolerance?: Partial<Tolerance>;
  readonly tolerances?: readonly ToleranceRule[];
}

export interface WirebenchConfig {
  /**
   * Serializers and parsers of the project's own: modules (.ts, .js or .mjs) whose default export is a
   * `UserContender`, or directories, of which every module counts. Paths are relative to the configuration; a file's
   * name without its extension is the contender's id, e.g. `our-serializer` for `--contender our-serializer`.
   */
  readonly contenders?: readonly string[];
  /**
   * Responses of the project's own: modules whose default export is a `UserPayload`, JSON files, which are measured as
   * they are, or directories with both. Paths and ids as for contenders.
   */
  readonly payloads?: readonly string[];
  readonly gate?: GateConfig;
}

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** What a contender of a project's own need not say. */
type ContenderDefault = 'package' | 'tier' | 'capabilities' | 'equality';

/**
 * A serializer or parser of a project's own: `kind`, `title` and `load` are enough.
 *
 * Without `equality` its output has to hold the same JSON value as JSON.stringify's (`json`), in any spelling; without
 * `tier` it takes part in every run; without `capabilities` it is said to do all of the work; without `package` no
 * version is shown.
 */
export type UserContender = Optional<SerializeContender, ContenderDefault> | Optional<ParseContender, ContenderDefault>;

/** What a payload of a project's own need not say. */
type PayloadDefault = 'where' | 'role' | 'tier' | 'schema' | 'sizes' | 'variants' | 'list';

/**
 * A response of a project's own: `title` and `generate` are enough.
 *
 * Without `schema` it is inferred from generated values. Without `sizes` there are 10, 100 and 1,000 items where
 * `generate` declares a second parameter, and one size that cannot be changed where it does not. Without `variants`
 * only `text` is measured; without `list` the value is not taken apart for examples; without `tier` it takes part in
 * every run.
 */
export type UserPayload = Optional<Payload, PayloadDefault>;

/**
 * Gives an editor the types of a configuration; returns it as it is.
 *
 * @example
 *     // wirebench.config.ts
 *     export default defineConfig({
 *       contenders: ['bench/our-serializer.ts'],
 *       payloads: ['bench/payloads'],
 *       gate: { cells: [{ suites: ['serialize'], contenders: ['our-serializer'] }] },
 *     });
 *
 *     // bench/our-serializer.ts
 *     export default {
 *       kind: 'serialize',
 *       title: 'our serializer',
 *       // Libraries are imported inside `load`, so that one that is missing costs its own rows only.
 *       load: async () => () => ({ stringify: (value) => JSON.stringify(value) }),
 *     } satisfies UserContender;
 */
export function defineConfig(config: WirebenchConfig): WirebenchConfig {
  return config;
}
