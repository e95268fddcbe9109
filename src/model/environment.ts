/**
 * The machine, the runtime and the packages that a figure depends on.
 */
import type { RuntimeName } from './runtime.ts';
import type { Bytes } from './values.ts';

/** What contenders ran under, where it was not the Node.js that runs wirebench. */
export interface OtherRuntime {
  readonly name: RuntimeName;
  /** As the program itself says. */
  readonly version: string;
  /** Absent where the engine is another one. */
  readonly v8?: string;
}

/** What a figure depends on besides the code. */
export interface Environment {
  /** Of the process that plans and reports, and of those that measure unless `runtime` says otherwise. */
  readonly node: string;
  readonly v8: string;
  readonly runtime?: OtherRuntime;
  readonly os: string;
  readonly arch: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: Bytes;
  /** Installed version by package name; absent packages are left out. */
  readonly packages: { readonly [name: string]: string };
  /** The commit that was measured, with `-dirty` where the work tree differs; absent outside git. */
  readonly commit?: string;
}
