/**
 * The machine, the runtime and the packages that a figure depends on.
 */
import type { Bytes } from './values.ts';

/** What a figure depends on besides the code. */
export interface Environment {
  readonly node: string;
  readonly v8: string;
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
