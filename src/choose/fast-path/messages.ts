/**
 * What the explaining program and its processes say to each other.
 *
 * A process runs a module of the user's, which may send messages of its own, so answers are checked.
 */
import type { Arm } from './arms.ts';
import { createMessageCheck, objectOf } from '../../process/messages.ts';
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
  | { readonly type: 'diagnosed'; readonly diagnosis: Diagnosis }
  | { readonly type: 'measured'; readonly latencyNs: Nanoseconds; readonly warnings: readonly string[] }
  /** JSON.stringify refuses the value. */
  | { readonly type: 'refused'; readonly pointer: string; readonly reason: string }
  /** There is no value: the text does not parse, the module does not load. */
  | { readonly type: 'unreadable'; readonly reason: string; readonly hint: string };

const text = { type: 'string' };
const flag = { type: 'boolean' };
const list = (items: object) => ({ type: 'array', items });

/** Tells our answers from what a module may have sent. */
export const isFastPathAnswer = createMessageCheck<FastPathAnswer>({
  diagnosed: {
    diagnosis: objectOf({
      runtimeHasFastPath: flag,
      'takesFastPath?': flag,
      'cleanedTakesFastPath?': flag,
      outputBytes: { type: 'integer', minimum: 0 },
      kinds: list(
        objectOf({ kind: text, count: { type: 'integer', minimum: 1 }, firstPointer: text, 'detail?': text }),
      ),
      isEstimate: flag,
    }),
  },
  measured: { latencyNs: { type: 'number', exclusiveMinimum: 0 }, warnings: list(text) },
  refused: { pointer: text, reason: text },
  unreadable: { reason: text, hint: text },
});
