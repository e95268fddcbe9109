/**
 * What the explaining program and its processes say to each other.
 *
 * A process runs a module of the user's, which may send messages of its own, so answers are checked.
 */
import type { Arm } from './arms.ts';
import type { SamplerSettings } from '../../measure/profiles.ts';
import type { Bytes, Nanoseconds } from '../../model/values.ts';
import type { OffenceKind } from '../../model/explanation.ts';

/** Where a process gets the value from. */
export type ValueSource =
  | { readonly type: 'text'; readonly file: string }
  /** `exportName` is `default` or another; a function is called and its result awaited. */
  | { readonly type: 'module'; readonly file: string; readonly exportName: string };

/** What a process is to do; its only argument, as JSON. */
export interface FastPathJob {
  readonly source: ValueSource;
  /** Absent to diagnose. */
  readonly measure?: { readonly arm: Arm; readonly settings: SamplerSettings };
}

/** One kind in a value. */
export interface KindFound {
  readonly kind: OffenceKind;
  readonly count: number;
  readonly firstPointer: string;
  readonly detail?: string;
}

export interface Diagnosis {
  readonly runtimeHasFastPath: boolean;
  /** `undefined` on a runtime without a fast path. */
  readonly takesFastPath?: boolean;
  readonly cleanedTakesFastPath?: boolean;
  readonly outputBytes: Bytes;
  /** In the order in which their first ones are written. */
  readonly kinds: readonly KindFound[];
  readonly isEstimate: boolean;
}

/** What a process answers, once. */
export type FastPathAnswer =
  | { readonly type: 'fast-path'; readonly status: 'diagnosed'; readonly diagnosis: Diagnosis }
  | {
      readonly type: 'fast-path';
      readonly status: 'measured';
      readonly latencyNs: Nanoseconds;
      readonly warnings: readonly string[];
    }
  /** JSON.stringify refuses the value. */
  | { readonly type: 'fast-path'; readonly status: 'refused'; readonly pointer: string; readonly reason: string }
  /** There is no value: the text does not parse, the module does not load. */
  | { readonly type: 'fast-path'; readonly status: 'unreadable'; readonly reason: string; readonly hint: string };

/** Tells our answers from what a module may have sent. */
export function isFastPathAnswer(message: unknown): message is FastPathAnswer {
  if (typeof message !== 'object' || message === null) return false;
  const { type, status, latencyNs, diagnosis, reason } = message as { [field: string]: unknown };
  if (type !== 'fast-path') return false;
  switch (status) {
    case 'measured':
      return typeof latencyNs === 'number' && latencyNs > 0;
    case 'diagnosed':
      return typeof diagnosis === 'object' && diagnosis !== null;
    case 'refused':
    case 'unreadable':
      return typeof reason === 'string';
    default:
      return false;
  }
}
