/**
 * The package's main entry: what a project's `wirebench.config.ts`, its contenders and its payloads are written with.
 *
 * Types, and one function that gives them to an editor. Deliberately absent: the engine, which is the command
 * `wirebench`, and the serializer, which has an entry of its own (`wirebench/serializer`).
 */
export type { GateConfig, UserContender, UserPayload, WirebenchConfig } from './config.ts';
export { defineConfig } from './config.ts';
export type { Profile } from './model/bench-module.ts';
export type { CellSelection, MicroCellId as CellId } from './model/cell.ts';
export type {
  Capability,
  CellRequest,
  CompileInput,
  Equality,
  ParseContender,
  Parser,
  SerializeContender,
  Serializer,
} from './model/contender.ts';
export type { Generator, Payload } from './model/payload.ts';
export type { JsonSchema, JsonValue, JtdSchema, NativeTypes, Sink, UuidValue, Variant } from './model/values.ts';
export type { Tolerance } from './model/gate.ts';
