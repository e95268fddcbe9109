/**
 * The contract that every contender keeps: right output for every payload that a gateway sends, in both variants, or
 * a reason in words. Correctness only; in-process is good enough for that.
 *
 * Deliberately absent: anything timed, and the representation payloads, where a wrong output is the finding.
 */
import { readdir } from 'node:fs/promises';

import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import { catalogText } from '../../src/corpus/catalogs.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { toJtd } from '../../src/corpus/jtd.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import { nativeTypes, Uuid } from '../../src/corpus/uuid.ts';
import { checkParsed, checkSerialized } from '../../src/measure/worker/check.ts';
import { createParseOperation, createSerializeOperation } from '../../src/measure/worker/operations.ts';
import type { Registered } from '../../src/model/bench-module.ts';
import type { Capability, CompileInput, Contender, SerializeContender, Serializer } from '../../src/model/contender.ts';
import type { Payload } from '../../src/model/payload.ts';
import type { JsonSchema, Sink, Variant } from '../../src/model/values.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

/** Enough for varied shapes, few enough for the whole table to take seconds. */
const ITEMS = 12;
const SEED = 7;

/**
 * Cells that are wrong and known to be: findings about a library, which a run prints as `incorrect`. An entry that no
 * longer happens fails its test, so a fix upstream is noticed. Empty: today every contender is right or refuses.
 */
const KNOWN_INCORRECT: readonly {
  readonly contender: string;
  readonly payload: string;
  readonly variant: Variant;
  readonly reason: RegExp;
}[] = [];

const { contenders: all, payloads } = await loadRegistry();
// What python3 measures keeps its contract in test/measure/python.test.ts.
const contenders = all.filter(({ python }) => python === undefined);
const responses = payloads.filter(({ role }) => role === 'response');

/** Packages that may be missing: what needs them is `unavailable` in a run. */
const optionalPackages = new Set(Object.keys(packageJson.optionalDependencies));

describe.each(contenders)('$id', (contender) => {
  let unavailable: string | undefined;
  beforeAll(async () => {
    unavailable = await contender.load().then(
      () => undefined,
      (error: unknown) => String(error),
    );
    if (unavailable !== undefined) process.stderr.write(`${contender.id} is unavailable: ${unavailable}\n`);
  });

  test('loads, unless its package is optional', () => {
    expect(unavailable === undefined || optionalPackages.has(contender.package ?? '')).toBe(true);
  });

  const cells = responses.flatMap((payload) => payload.variants.map((variant) => ({ payload, variant })));
  test.each(cells)('is right about $payload.id in the $variant variant, or says why not', async (cell) => {
    const reasons = unavailable === undefined ? await findReasons({ contender, ...cell }) : [];
    const known = KNOWN_INCORRECT.find(
      ({ contender: id, payload, variant }) =>
        id === contender.id && payload === cell.payload.id && variant === cell.variant,
    );
    expect(reasons.filter((reason) => known?.reason.test(reason) !== true)).toEqual([]);
    expect(reasons.length > 0).toBe(known !== undefined && unavailable === undefined);
  });
});

/** Each distinct reason against a contender over both sinks; a refusal has to say something. */
async function findReasons(cell: {
  contender: Registered<Contender>;
  payload: Registered<Payload>;
  variant: Variant;
}): Promise<string[]> {
  const reasons = new Set<string>();
  for (const sink of ['bytes', 'string'] as const) {
    const request = { payload: cell.payload.id, items: ITEMS, variant: cell.variant, sink };
    const refusal = cell.contender.unsupported?.(request);
    const reason = refusal === undefined ? await checkCell({ ...cell, sink }) : undefined;
    if (refusal === '') reasons.add('refuses without a reason');
    if (reason !== undefined) reasons.add(reason);
  }
  return [...reasons];
}

async function checkCell(cell: {
  contender: Registered<Contender>;
  payload: Registered<Payload>;
  variant: Variant;
  sink: Sink;
}): Promise<string | undefined> {
  const { contender, payload, variant, sink } = cell;
  const items = payload.fixedSizes === true ? (payload.sizes[0] as number) : ITEMS;
  const schema = loadSchema(payload);
  const expectedText = catalogText({ payload, items, seed: SEED, index: 0 });
  const value = readCatalog({ text: expectedText, payload, schema, variant });
  const input: CompileInput = { schema, jtd: () => toJtd(schema), types: nativeTypes, variant };
  const { equality } = contender;
  if (contender.kind !== 'parse') {
    const serializer = (await contender.load())(input);
    return checkOn(serializer, { equality, sink, value, expectedText, frame: payload.frame });
  }
  const parser = (await contender.load())(input);
  const operation = createParseOperation({ parser, sink });
  if (typeof operation === 'string') return operation;
  const wire = operation.encode(value, expectedText);
  return checkParsed({
    parser,
    equality,
    result: () => operation.parse(wire),
    expected: { value, text: expectedText },
  });
}

/** Checks the operation that a run would time. */
function checkOn(
  serializer: Serializer,
  request: {
    equality: Contender['equality'];
    sink: Sink;
    value: unknown;
    expectedText: string;
    frame?: Payload['frame'];
  },
): string | undefined {
  const { equality, sink, value, expectedText, frame } = request;
  const operate = createSerializeOperation({ serializer, sink, frame });
  if (typeof operate === 'string') return operate;
  return checkSerialized({
    operate,
    value,
    form: { sink, equality, frame, decode: serializer.decode?.bind(serializer) },
    expected: { value, text: expectedText },
  });
}

/** Compiles a serializer for a schema of the test's own. */
async function compileFor(contender: Registered<Contender>, schema: JsonSchema): Promise<Serializer> {
  if (contender.kind === 'parse') throw new Error(`${contender.id} does not serialize`);
  const compile = await contender.load();
  return compile({ schema, jtd: () => toJtd(schema), types: nativeTypes, variant: 'native' });
}

function write(serializer: Serializer, value: unknown): Buffer {
  return Buffer.from(serializer.encode?.(value) ?? serializer.stringify?.(value) ?? '');
}

const serializers = contenders.filter(({ kind }) => kind === 'serialize');
const textSerializers = serializers.filter(({ equality }) => equality !== 'round-trip');
const byteSerializers = serializers.filter(({ equality }) => equality === 'bytes');
const escapingSerializers = textSerializers.filter(
  ({ capabilities }) => !capabilities.includes('skips-escaping-checks'),
);

/** Code units that have to be escaped, may be escaped, or are halves of a pair. */
const awkwardUnits = ['"', '\\', '/', '\n', '\u0000', '\u007f', '\u2028', '\ud83d', '\ude00', '🛠️', 'é', 'a'];
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
const anyString = fc.oneof(fc.string({ unit: anyUnit }), fc.string({ unit: fc.constantFrom(...awkwardUnits) }));
const wellFormedString = anyString.map((text) => text.toWellFormed());

describe.each(byteSerializers)('$id claims the bytes of JSON.stringify', (contender) => {
  test('and writes them for any JSON value without a schema', async () => {
    const serializer = await compileFor(contender, {});
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(write(serializer, value).toString()).toBe(JSON.stringify(value));
      }),
    );
  });

  test('and writes them for strings with escapes, emoji and lone surrogates, as values and as keys', async () => {
    const serializer = await compileFor(contender, {});
    fc.assert(
      fc.property(anyString, anyString, (key, text) => {
        const value = Object.fromEntries([[`k${key}`, [text]]]);
        expect(write(serializer, value).toString()).toBe(JSON.stringify(value));
      }),
    );
  });
});

/** One property of each type that payloads have. */
const rowSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      at: { type: 'string', format: 'date-time' },
      seen: { type: ['string', 'null'], format: 'date-time' },
      text: { type: 'string' },
      note: { type: ['string', 'null'] },
      count: { type: ['integer', 'null'] },
      ratio: { type: 'number' },
      on: { type: 'boolean' },
      tags: { type: 'array', items: { type: 'string' } },
      chain: { type: ['array', 'null'], items: { type: 'string' } },
      open: { type: ['object', 'null'], additionalProperties: true },
      extra: { type: 'string' },
    },
    required: ['id', 'at', 'seen', 'text', 'note', 'count', 'ratio', 'on', 'tags', 'chain', 'open'],
    additionalProperties: false,
  },
} satisfies JsonSchema;

/** Years that RFC 3339 has room for. */
const date = fc.date({
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

const rows = (text: fc.Arbitrary<string>): fc.Arbitrary<unknown[]> => {
  const row = {
    id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new Uuid(bytes)),
    at: date,
    seen: fc.option(date),
    text,
    note: fc.option(text),
    count: fc.option(fc.maxSafeInteger()),
    ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
    on: fc.boolean(),
    tags: fc.array(text),
    chain: fc.option(fc.array(text)),
    open: fc.option(fc.dictionary(fc.string(), fc.jsonValue())),
    extra: text,
  };
  const requiredKeys = rowSchema.items.required as (keyof typeof row)[];
  return fc.array(fc.record(row, { requiredKeys }), { maxLength: 4 });
};

test.each(escapingSerializers)('$id writes rows of every type right, Dates and UUIDs included', async (contender) => {
  const serializer = await compileFor(contender, rowSchema);
  fc.assert(
    fc.property(rows(wellFormedString), (value) => {
      const expectedText = JSON.stringify(value);
      const { equality } = contender;
      const sink = serializer.stringify === undefined ? 'bytes' : 'string';
      expect(checkOn(serializer, { equality, sink, value, expectedText })).toBeUndefined();
    }),
  );
});

describe('the flag leaves-text', () => {
  test('is on those parsers that are not held to give Dates and UUIDs back, and on no others', () => {
    const parsers = contenders.filter(({ kind }) => kind === 'parse');
    const flagged = parsers.filter(({ capabilities }) => capabilities.includes('leaves-text')).map(({ id }) => id);
    expect(flagged).toEqual(parsers.filter(({ equality }) => equality !== 'round-trip').map(({ id }) => id));
    expect(flagged).toContain('json-parse');
  });
});

describe.each(serializers)('the capability flags of $id are true', (contender) => {
  const flagged = (capability: Capability): boolean => contender.capabilities.includes(capability);

  test('drops-unknown-fields', async () => {
    const properties = { a: { type: 'integer' } };
    const schema = { type: 'object', properties, required: ['a'], additionalProperties: false };
    const serializer = await compileFor(contender, schema);
    const output = write(serializer, { a: 1, unknownField: 2 });
    // Read back, since records keep their keys outside of the message.
    const text = serializer.decode === undefined ? output.toString() : JSON.stringify(serializer.decode(output));
    expect(!text.includes('unknownField')).toBe(flagged('drops-unknown-fields'));
  });

  test('skips-escaping-checks', async () => {
    const serializer = await compileFor(contender, { type: 'string' });
    const texts = ['"', '\\', 'C:\\temp', 'line\nbreak', '\u0001', '"\\\u001f'];
    const { equality } = contender;
    const mistakes = texts.map((value) =>
      checkOn(serializer, { equality, sink: 'bytes', value, expectedText: JSON.stringify(value) }),
    );
    expect(mistakes.some((mistake) => mistake !== undefined)).toBe(flagged('skips-escaping-checks'));
  });

  test('binary and envelope', async () => {
    const output = write(await compileFor(contender, rowSchema), []).toString();
    const isText = output === '[]';
    expect(!isText).toBe(flagged('binary') || flagged('envelope'));
    expect(isJson(output)).toBe(!flagged('binary'));
  });

  test('sorts-keys', async () => {
    const output = write(await compileFor(contender, {}), { zebra: 1, ant: 2 });
    expect(output.indexOf('ant') < output.indexOf('zebra')).toBe(flagged('sorts-keys'));
  });
});

/**
 * What any client reads and what is right without a schema written around the library's bugs: those may be recommended
 * to be pasted into a gateway. The others are shown in tables and have no snippet.
 */
const pasteable = serializers
  .filter(({ equality, capabilities }) => equality !== 'round-trip' && !capabilities.includes('skips-escaping-checks'))
  .filter((contender): contender is Registered<SerializeContender> => contender.kind === 'serialize');

describe.each(pasteable)('$id says how it is used', ({ usage, capabilities, package: name }) => {
  test('with its package, and with rules for the schema exactly where it needs one', () => {
    const { install = [], schemaRules, isFrameworkDefault = false } = usage ?? {};
    // What has no package of its own is the runtime's or this project's.
    expect(isFrameworkDefault ? [] : [name ?? 'wirebench']).toEqual(install);
    expect(schemaRules !== undefined).toBe(capabilities.includes('needs-schema'));
  });

  test('in frameworks that there are', async () => {
    const frameworks = await readdir(new URL('../../src/choose/snippets/', import.meta.url));
    const named = [usage, usage?.native].flatMap((pieces) => Object.keys(pieces?.integrations ?? {}));
    expect(named.filter((framework) => !frameworks.includes(`${framework}.ts`))).toEqual([]);
  });

  test('as data, which a report can hold', () => {
    expect(usage).toBeDefined();
    expect(JSON.parse(JSON.stringify(usage))).toEqual(usage);
  });
});

test('a parser reads a part only where it is flagged', async () => {
  const schema = loadSchema({ schema: 'tools' });
  const parsers = contenders.filter((contender) => contender.kind === 'parse');
  const expected: string[] = [];
  const partial: string[] = [];
  for (const contender of parsers) {
    // What does not load has said so above.
    const compile = await contender.load().catch(() => undefined);
    const parser = compile?.({ schema, jtd: () => toJtd(schema), types: nativeTypes, variant: 'text' });
    if (parser !== undefined && contender.capabilities.includes('partial')) expected.push(contender.id);
    if (parser?.expect !== undefined) partial.push(contender.id);
  }
  expect(partial).toEqual(expected);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
