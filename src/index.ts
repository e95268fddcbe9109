/**
 * The package's main entry: what a project's `wirebench.config.ts`, its contenders and its payloads are written with.
 *
 * Types, and one function that gives them to an editor. Deliberately absent: the engine, which is the command
 * `wirebench`, and the serializer, which has an entry of its own (`wirebench/serializer`).
 */
export type { GateConfig, UserContender, UserPayload, WirebenchConfig } from './config.ts';
export { defineConfig } from './config.ts';
export type {
  Capability,
  CellId,
  CellRequest,
  CellSelection,
  CompileInput,
  Equality,
  Generator,
  JsonSchema,
  JsonValue,
  JtdSchema,
  NativeTypes,
  ParseContender,
  Parser,
  Payload,
  Profile,
  SerializeContender,
  Serializer,
  Sink,
  UuidValue,
  Variant,
} from './model.ts';
export type { Tolerance } from './model/gate.ts';
