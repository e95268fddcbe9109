/**
 * What a side says of itself: configuration, contenders, payloads and suites as data, checked before they are believed.
 *
 * A module of a side can do anything in the process that imports it: end it with another exit code, read what its
 * environment holds, write into the report. So the process that judges imports none; another one does and describes
 * what it found. A side may lie about itself, as it may about its own times, and about nothing else. describe-worker.ts
 * is that process, ask-side.ts starts it.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { Registered } from '../../model/bench-module.ts';
import type { CellRequest, Contender, PythonCode } from '../../model/contender.ts';
import type { Payload } from '../../model/payload.ts';
import type { Suite } from '../../model/suite.ts';
import type { Sink, Variant } from '../../model/values.ts';
import type { Registry } from '../../registry/registry.ts';

/** The harness's payloads and suites, and what each side brings. */
export interface GateRegistries {
  readonly harness: Registry;
  readonly baseline: readonly Registered<Contender>[];
  readonly candidate: readonly Registered<Contender>[];
}

/** A contender without its functions. */
export type ContenderData = Pick<
  Contender,
  'kind' | 'title' | 'package' | 'tier' | 'capabilities' | 'equality' | 'beside'
> & {
  readonly id: string;
  readonly python?: PythonCode;
};

/** A payload without its functions. */
export type PayloadData = Pick<
  Payload,
  'title' | 'where' | 'role' | 'tier' | 'sizes' | 'fixedSizes' | 'variants' | 'list' | 'frame'
> & {
  readonly id: string;
  /** Whether its module builds the native form. */
  readonly revives: boolean;
  /** Why this runtime cannot build it. */
  readonly refusal?: string;
};

/** A suite without its functions. */
export type SuiteData = Pick<Suite, 'title' | 'question' | 'order' | 'reference' | 'tier' | 'method'> & {
  readonly id: string;
  readonly sinks: readonly Sink[];
};

/** What a describing process is asked; every part but the first is optional. */
export interface DescriptionJob {
  /** The project's directory on the side. */
  readonly directory: string;
  /** URL of the bench/ directory with the contenders; absent where the project's own ones are all. */
  readonly contenderRoot?: string | undefined;
  /** URL of the bench/ directory with payloads and suites, where they are asked for. */
  readonly harnessRoot?: string | undefined;
  /** Item counts that may be asked for beside those of the payloads and of the side's own configuration. */
  readonly items?: readonly number[];
  /** Cells that each contender is asked about; those of the side's own payloads without it. */
  readonly requests?: readonly CellRequest[];
  /** Contenders that each suite is asked about; the side's own without it. */
  readonly candidates?: readonly ContenderData[];
  /** Recorded catalogs, which each suite is asked about, too. */
  readonly recordings?: readonly PayloadData[];
  /** Catalogs to write: where, which, and how many of each. */
  readonly catalogs?: {
    readonly directory: string;
    readonly seed: number;
    readonly count: number;
    readonly wanted: readonly { readonly payload: string; readonly items: number }[];
  };
}

/** What it answers: the parts that were asked for. */
export interface Description {
  /** The configuration as it stands in the file; checked by whoever knows what it may hold. */
  readonly config: unknown;
  readonly contenders: readonly ContenderData[];
  readonly payloads?: readonly PayloadData[];
  readonly suites?: readonly SuiteData[];
  /** The cells that the contenders were asked about. */
  readonly requests?: readonly CellRequest[];
  /** By contender: requests that it declines, by their place in the list, and why. */
  readonly refusals?: Readonly<Record<string, readonly (readonly [number, string])[]>>;
  /** By suite: ids of the contenders and payloads that belong into it. */
  readonly members?: Readonly<
    Record<string, { readonly contenders: readonly string[]; readonly payloads: readonly string[] }>
  >;
}

/** What went wrong instead; `harness` where payloads or suites did not load. */
export interface DescriptionError {
  readonly error: { readonly part: 'contenders' | 'harness'; readonly message: string; readonly hint?: string };
}

/** More than a project has, so that an answer stays within what can be read at once. */
const most = 2000;
const name = { type: 'string', minLength: 1, maxLength: 200 };
const words = { type: 'string', maxLength: 2000 };
const tier = { enum: ['quick', 'standard', 'thorough'] };
const namesOf = (choices?: readonly string[]) => ({
  type: 'array',
  maxItems: most,
  items: choices === undefined ? name : { enum: choices },
});
const listOf = (properties: Record<string, unknown>, required: readonly string[]) => ({
  type: 'array',
  maxItems: most,
  items: { type: 'object', required, properties },
});

const contenders = listOf(
  {
    id: name,
    kind: { enum: ['serialize', 'parse', 'layout'] },
    title: words,
    package: { anyOf: [{ type: 'null' }, name] },
    tier,
    capabilities: namesOf(),
    equality: { enum: ['bytes', 'json', 'round-trip'] },
    beside: namesOf(),
    python: { type: 'object' },
  },
  ['id', 'kind', 'title', 'package', 'tier', 'capabilities', 'equality'],
);
const payloads = listOf(
  {
    id: name,
    title: words,
    where: words,
    role: { enum: ['response', 'representation'] },
    tier,
    fixedSizes: { type: 'boolean' },
    sizes: { type: 'array', minItems: 1, maxItems: most, items: { type: 'integer', minimum: 1 } },
    variants: namesOf(['text', 'native']),
    list: { anyOf: [{ type: 'null' }, words] },
    revives: { type: 'boolean' },
    refusal: words,
    frame: { type: 'object', required: ['prefix', 'suffix'], properties: { prefix: words, suffix: words } },
  },
  ['id', 'title', 'where', 'role', 'tier', 'sizes', 'variants', 'list', 'revives'],
);
const suites = listOf(
  {
    id: name,
    title: words,
    question: words,
    order: { type: 'number' },
    reference: name,
    tier,
    method: { enum: ['latency', 'size', 'observation'] },
    sinks: namesOf(['bytes', 'string']),
  },
  ['id', 'title', 'question', 'order', 'reference', 'tier', 'method', 'sinks'],
);
const request = {
  type: 'object',
  required: ['payload', 'items', 'variant', 'sink'],
  properties: {
    payload: name,
    items: { type: 'integer', minimum: 1 },
    variant: { enum: ['text', 'native'] },
    sink: { enum: ['bytes', 'string'] },
  },
};
const refusal = { type: 'array', minItems: 2, maxItems: 2, prefixItems: [{ type: 'integer', minimum: 0 }, words] };
const members = {
  type: 'object',
  required: ['contenders', 'payloads'],
  properties: { contenders: namesOf(), payloads: namesOf() },
};
const ajv = new Ajv2020({ strict: false });

const isDescription = ajv.compile<Description>({
  type: 'object',
  required: ['config', 'contenders'],
  properties: {
    config: {},
    contenders,
    payloads,
    suites,
    requests: { type: 'array', maxItems: 50 * most, items: request },
    refusals: { type: 'object', additionalProperties: { type: 'array', items: refusal } },
    members: { type: 'object', additionalProperties: members },
  },
});
const isError = ajv.compile<DescriptionError>({
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['part', 'message'],
      properties: { part: { enum: ['contenders', 'harness'] }, message: { type: 'string' }, hint: { type: 'string' } },
    },
  },
});

/** Every cell that a contender may have to be asked about. @param items counts beside the payloads' own. */
export function listRequests(
  all: readonly Pick<Payload & { readonly id: string }, 'id' | 'sizes' | 'fixedSizes'>[],
  items: readonly number[],
): CellRequest[] {
  const variants: readonly Variant[] = ['text', 'native'];
  const sinks: readonly Sink[] = ['bytes', 'string'];
  return all.flatMap(({ id, sizes, fixedSizes }) =>
    [...new Set(fixedSizes === true ? sizes : [...sizes, ...items])].flatMap((count) =>
      variants.flatMap((variant) => sinks.map((sink): CellRequest => ({ payload: id, items: count, variant, sink }))),
    ),
  );
}

/** What a describing process wrote; `undefined` for anything that has another shape. */
export function readDescription(text: string): Description | DescriptionError | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isError(value) || isDescription(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
