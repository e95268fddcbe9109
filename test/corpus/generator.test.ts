/**
 * The generator: the same seed gives the same values, and any seed gives valid ones.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createGenerator } from '../../src/corpus/generator.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import { Uuid } from '../../src/corpus/uuid.ts';
import type { Generator } from '../../src/model/payload.ts';
import type { JsonValue } from '../../src/model/values.ts';
import { compileValidator } from './validator.ts';

const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

function draw(seed: number): JsonValue {
  const generator = createGenerator(seed);
  return [generator.tool(), generator.server(), generator.uuid(), generator.datetime(), generator.prose(400)];
}

function average(count: number, size: () => number): number {
  return Array.from({ length: count }, size).reduce((sum, value) => sum + value, 0) / count;
}

describe('createGenerator', () => {
  it('gives the same values for the same seed and others for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('refuses a seed that is not an integer', () => {
    expect(() => createGenerator(0.5)).toThrow(RangeError);
    expect(() => createGenerator(Number.NaN)).toThrow(RangeError);
  });

  it('refuses to pick from nothing', () => {
    expect(() => createGenerator(1).pick([])).toThrow(RangeError);
  });

  it('never repeats the name of a tool within one catalog', () => {
    const generator = createGenerator(3);
    const names = Array.from({ length: 3_000 }, () => generator.mcpTool()['name']);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('any seed', () => {
  const entities: [name: string, schema: string, make: (generator: Generator) => JsonValue][] = [
    ['tool', 'tool', (generator) => generator.tool()],
    ['server', 'server', (generator) => generator.server()],
    ['gateway', 'gateway', (generator) => generator.gateway()],
    ['tool for an MCP client', 'mcp-tool', (generator) => generator.mcpTool()],
    ...(['tool', 'gateway', 'server', 'prompt', 'resource', 'root'] as const).map(
      (kind): [string, string, (generator: Generator) => JsonValue] => [
        `exported ${kind}`,
        `export-${kind}`,
        (generator) => generator.exportEntity(kind),
      ],
    ),
  ];

  it.each(entities)('gives a valid %s', (_, schema, make) => {
    const validate = compileValidator(loadSchema({ schema }));
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(validate(make(createGenerator(seed)))).toEqual([]);
      }),
    );
  });

  it('gives input schemas that are valid JSON Schemas', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { inputSchema } = createGenerator(seed).mcpTool();
        // The dialect is the reader's choice; what counts is that the keywords are used as they are meant.
        const { $schema: _dialect, ...schema } = inputSchema as { [key: string]: JsonValue };
        expect(() => compileValidator(schema)).not.toThrow();
        const count = Object.keys(schema['properties'] as object).length;
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count).toBeLessThanOrEqual(9);
      }),
      { numRuns: 50 },
    );
  });

  it('gives integers and choices within their bounds', () => {
    fc.assert(
      fc.property(seeds, fc.integer(), fc.nat(), (seed, min, range) => {
        const generator = createGenerator(seed);
        const drawn = generator.integer(min, min + range);
        expect(Number.isSafeInteger(drawn)).toBe(true);
        expect(drawn).toBeGreaterThanOrEqual(min);
        expect(drawn).toBeLessThanOrEqual(min + range);
        expect(['a', 'b', 'c']).toContain(generator.pick(['a', 'b', 'c']));
        expect(generator.chance(0)).toBe(false);
        expect(generator.chance(1)).toBe(true);
      }),
    );
  });

  it('gives datetimes as Date writes them, and canonical UUIDs of version 4', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const generator = createGenerator(seed);
        const [datetime, uuid] = [generator.datetime(), generator.uuid()];
        expect(new Date(datetime).toISOString()).toBe(datetime);
        expect(Uuid.parse(uuid).toString()).toBe(uuid);
        expect(uuid).toMatch(/^.{14}4.{4}[89ab]/);
      }),
    );
  });

  it('gives prose of about the length that was asked for, never longer, with no character cut in two', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 800 }), (seed, length) => {
        const text = createGenerator(seed).prose(length);
        expect(text.length).toBeLessThanOrEqual(length);
        expect(text.length).toBeGreaterThan(length - 100);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('the entities as a whole', () => {
  const generator = createGenerator(11);
  const tools = Array.from({ length: 2_000 }, () => generator.tool());
  const mcpTools = Array.from({ length: 2_000 }, () => generator.mcpTool());

  it('have the size of real ones: a tool of 0.9 to 1.6 KB in lists, for the admin as for an MCP client', () => {
    for (const list of [tools, mcpTools]) {
      let index = 0;
      const size = average(list.length, () => Buffer.byteLength(JSON.stringify(list[index++])));
      expect(size).toBeGreaterThan(900);
      expect(size).toBeLessThan(1_600);
    }
  });

  it('have descriptions of 20 to 600 characters', () => {
    for (const { description } of [...tools, ...mcpTools]) {
      if (typeof description !== 'string') continue;
      expect(description.length).toBeGreaterThanOrEqual(20);
      expect(description.length).toBeLessThanOrEqual(600);
    }
  });

  it.each([
    ['quotes', /"/],
    ['newlines', /\n/],
    ['backticks', /`/],
    ['backslashes', /\\/],
    ['accents', /[é-ż]/],
    ['CJK', /[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/],
    ['emoji', /\p{Extended_Pictographic}/u],
  ])('have %s in a few descriptions', (_, pattern) => {
    const count = mcpTools.filter(({ description }) => pattern.test(description as string)).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(mcpTools.length / 2);
  });

  it('have input schemas with nesting, enums, lists and now and then definitions', () => {
    const schemas = mcpTools.map((tool) => JSON.stringify(tool['inputSchema']));
    const marks = ['"properties":{', '"enum":[', '"type":"array"', '"$defs":{', '"anyOf":['];
    expect(marks.filter((mark) => !schemas.some((schema) => schema.includes(mark)))).toEqual([]);
    expect(schemas.some((schema) => /"properties":\{.*"properties":\{/.test(schema))).toBe(true);
  });

  it('differ in shape where nulls are left out', () => {
    const shapes = new Set(mcpTools.map((tool) => Object.keys(tool).join()));
    expect(shapes.size).toBeGreaterThan(8);
    expect(mcpTools.flatMap((tool) => Object.values(tool)).filter((value) => value === null)).toEqual([]);
  });

  it('keep one shape where a gateway writes its nulls', () => {
    expect(new Set(tools.map((tool) => Object.keys(tool).join())).size).toBe(1);
  });

  it('are never updated before they are created', () => {
    for (const tool of tools) {
      expect(Date.parse(tool['updatedAt'] as string)).toBeGreaterThanOrEqual(Date.parse(tool['createdAt'] as string));
    }
  });
});
