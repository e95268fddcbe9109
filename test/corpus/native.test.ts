/**
 * Reviving by schema: where it reaches, and what it leaves alone.
 */
import { describe, expect, it } from 'vitest';

import { reviveNative } from '../../src/corpus/native.ts';
import { nativeTypes, Uuid } from '../../src/corpus/uuid.ts';
import type { JsonSchema, JsonValue } from '../../src/model/values.ts';

const DATE = '2024-02-29T12:00:00.250Z';
const UUID = '6f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b';
const date: JsonSchema = { type: 'string', format: 'date-time' };
const uuid: JsonSchema = { type: 'string', format: 'uuid' };

function revive(value: JsonValue, schema: JsonSchema): unknown {
  return reviveNative(value, schema, nativeTypes);
}

describe('reviveNative', () => {
  it('replaces a root that is a datetime or a UUID', () => {
    expect(revive(DATE, date)).toEqual(new Date(DATE));
    expect(revive(UUID, uuid)).toEqual(Uuid.parse(UUID));
  });

  it('changes objects in place and keeps the order of their keys', () => {
    const value = { at: DATE, n: 1, id: UUID };
    const schema = { type: 'object', properties: { id: uuid, at: date, n: { type: 'integer' } } };
    expect(revive(value, schema)).toBe(value);
    expect(value.at).toBeInstanceOf(Date);
    expect(value.id).toBeInstanceOf(Uuid);
    expect(JSON.stringify(value)).toBe(`{"at":"${DATE}","n":1,"id":"${UUID}"}`);
  });

  it('reaches below items, nullable unions, additionalProperties, anyOf, oneOf and allOf', () => {
    const nullable = { type: ['string', 'null'], format: 'date-time' };
    const schema = {
      type: ['object', 'null'],
      properties: {
        list: { type: ['array', 'null'], items: nullable },
        any: { anyOf: [date, { type: 'null' }] },
        one: { oneOf: [{ type: 'integer' }, uuid] },
        all: { allOf: [{ type: 'string' }, date] },
        absent: date,
      },
      additionalProperties: { type: 'array', items: uuid },
    };
    const value = { list: [DATE, null], any: DATE, one: UUID, all: DATE, other: [UUID] };
    expect(revive(value, schema)).toEqual({
      list: [new Date(DATE), null],
      any: new Date(DATE),
      one: Uuid.parse(UUID),
      all: new Date(DATE),
      other: [Uuid.parse(UUID)],
    });
    expect(revive(null, schema)).toBeNull();
  });

  it('leaves strings that are not valid for their format', () => {
    const texts = ['yesterday', '2024-02-30T25:00:00Z', '2024-02-29', '2024-02-29T12:00:00', '', DATE.toLowerCase()];
    expect(revive([...texts], { type: 'array', items: date })).toEqual(texts);
    const ids = [UUID.toUpperCase(), UUID.replaceAll('-', ''), 'none'];
    expect(revive([...ids], { type: 'array', items: uuid })).toEqual(ids);
  });

  it('leaves values of another type than the schema says', () => {
    const value = { at: 5, list: { 0: DATE }, deep: DATE };
    const schema = {
      type: 'object',
      properties: {
        at: date,
        list: { type: 'array', items: date },
        deep: { type: 'object', properties: { at: date } },
      },
    };
    expect(revive(structuredClone(value), schema)).toEqual(value);
  });

  it('leaves everything below an open object', () => {
    const value = { open: { at: DATE } };
    expect(
      revive(value, { type: 'object', properties: { open: { type: 'object', additionalProperties: true } } }),
    ).toEqual({
      open: { at: DATE },
    });
  });
});
