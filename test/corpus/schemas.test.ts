/**
 * References between schema files: resolved to the last one, or refused with a reason.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadSchema, resolveFile } from '../../src/corpus/schemas.ts';
import { UserError } from '../../src/user-error.ts';

let folder = '';
let directory = new URL('file:///');

const FILES = {
  leaf: { $id: 'leaf.schema.json', $schema: 'x', type: 'string', title: 'leaf' },
  list: { $id: 'list.schema.json', type: 'array', items: { $ref: 'leaf.schema.json', title: 'here' } },
  // A property may be called like a keyword, and data may look like a reference.
  named: {
    type: 'object',
    properties: { $ref: { type: 'string' }, $id: { $ref: '#/$defs/in~1ner' } },
    default: { $ref: 'leaf.schema.json' },
    $defs: { 'in/ner': { anyOf: [{ $ref: 'leaf.schema.json' }, { type: 'null' }] } },
  },
  loop: { type: 'object', properties: { next: { $ref: 'loop.schema.json' } } },
  lost: { items: { $ref: 'nowhere.schema.json' } },
  dangling: { items: { $ref: '#/$defs/none' } },
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wirebench-schemas-'));
  directory = pathToFileURL(`${folder}${path.sep}`);
  for (const [name, schema] of Object.entries(FILES)) {
    writeFileSync(path.join(folder, `${name}.schema.json`), JSON.stringify(schema));
  }
  writeFileSync(path.join(folder, 'broken.schema.json'), '{"type": ');
  writeFileSync(path.join(folder, 'array.schema.json'), '[]');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('resolveFile', () => {
  it('writes out a reference to another file; what stands beside it wins', () => {
    expect(resolveFile('list.schema.json', directory)).toEqual({
      type: 'array',
      items: { type: 'string', title: 'here' },
    });
  });

  it('resolves pointers inside a file and leaves properties and data that look like keywords', () => {
    expect(resolveFile('named.schema.json', directory)).toEqual({
      type: 'object',
      properties: { $ref: { type: 'string' }, $id: { anyOf: [{ type: 'string', title: 'leaf' }, { type: 'null' }] } },
      default: { $ref: 'leaf.schema.json' },
    });
  });

  it.each([
    ['a schema that refers to itself', 'loop', /refers to itself/],
    ['a reference to a missing file', 'lost', /nowhere\.schema\.json/],
    ['a pointer to nothing', 'dangling', /nothing is there/],
    ['a missing file', 'absent', /absent\.schema\.json/],
    ['a file that is not JSON', 'broken', /not JSON/],
    ['a file without an object', 'array', /holds no object/],
  ])('refuses %s and says why', (_, name, reason) => {
    const resolve = () => resolveFile(`${name}.schema.json`, directory);
    expect(resolve).toThrow(UserError);
    expect(resolve).toThrow(reason);
  });
});

describe('loadSchema', () => {
  it('writes an entity out in full inside its list', () => {
    const tools = loadSchema({ schema: 'tools' });
    const tool = loadSchema({ schema: 'tool' });
    expect(tools['items']).toEqual(tool);
    expect(Object.keys(tool['properties'] as object)).toHaveLength(55);
  });

  it('returns a schema that the payload holds itself as it is', () => {
    const schema = { type: 'array' };
    expect(loadSchema({ schema })).toBe(schema);
  });

  it('says why ajv refuses a schema', () => {
    const load = () => loadSchema({ schema: { type: 'objekt' } });
    expect(load).toThrow(UserError);
    expect(load).toThrow(/ajv refuses it: .*type/);
  });

  it('names the schema that does not exist', () => {
    expect(() => loadSchema({ schema: 'no-such' })).toThrow(/no-such\.schema\.json/);
  });
});
