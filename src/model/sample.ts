/**
 * Words for documents of the user's own: a sample, the rules for its types, and a mix of responses with their load.
 *
 * They cross from corpus and store to choose, report and cli.
 */
import type { Registered } from './bench-module.ts';
import type { Payload } from './payload.ts';
import type { Bytes, Variant } from './values.ts';

/** What a driver may hand over in place of text. */
export type NativeType = 'date' | 'uuid';

/** Says that strings of a document are Dates or 16-byte UUIDs in the gateway. */
export interface TypeRule {
  // A line comment, because the example would end a block.
  // A key, wherever it occurs; or a JSON Pointer with `*` for every element of an array and every key of an object, as
  // in `/items/*/id`. The empty pointer is the document itself.
  readonly field: string;
  readonly type: NativeType;
}

/** A position whose strings all look like one native type. */
export interface SuggestedType {
  /** As the `field` of a rule has it. */
  readonly pointer: string;
  readonly type: NativeType;
}

/** A document of the user's as a payload, with what has to be said about it. */
export interface Sample {
  readonly payload: Registered<Payload>;
  readonly schemaOrigin: 'given' | 'inferred';
  /** Sentences without a full stop. */
  readonly notes: readonly string[];
  /** UTF-8, as a gateway would write it: without white space. */
  readonly bytes: Bytes;
  /** Empty where rules were given. */
  readonly suggestedTypes: readonly SuggestedType[];
}

/** What a response of a mix is: a payload of the suite, or a document. */
export type MixSource =
  | { readonly payload: string; readonly items?: number; readonly variant?: Variant }
  | {
      /** A file, a URL, or `recorded/NAME`. */
      readonly sample: string;
      /** A file. */
      readonly schema?: string;
      /** As `--types` has it. */
      readonly types?: string;
    };

export type MixResponse = MixSource & {
  /** Of all responses, in (0, 1]; the shares of a mix add up to 1. */
  readonly share: number;
};

/** What a gateway answers, and how often. */
export interface Mix {
  /** All responses together; absent where only shares are known. */
  readonly requestsPerSec?: number;
  /** At least one. */
  readonly responses: readonly MixResponse[];
}
