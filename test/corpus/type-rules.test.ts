/**
 * Types of a sample's strings: which are suggested, what rules revive, and which rules are refused.
 */
import { describe, expect, it } from 'vitest';

import { parseTypeRules } from '../../src/corpus/sample.ts';
import type { JsonValue } from '../../src/model/values.ts';
import { toldBy } from '../told-message.ts';
import { formatted, uuid, datetime, sampleOf, materialize } from './samples.ts';

describe('types', () => {
  const rows = JSON.stringify({
    items: [
      { id: uuid, at: datetime, note: 'x' },
      { id: uuid, at: null, note: datetime },
    ],
  });

  it('are suggested where every string survives, and the document stays text', () => {
    expect(sampleOf(rows)).toMatchObject({
      suggestedTypes: [
        { pointer: '/items/*/id', type: 'uuid' },
        { pointer: '/items/*/at', type: 'date' },
      ],
      payload: { variants: ['text'] },
    });
    expect(sampleOf(`"${datetime}"`).suggestedTypes).toEqual([{ pointer: '', type: 'date' }]);
  });

  it('that are suggested can be used as rules', () => {
    for (const text of [rows, `"${datetime}"`, JSON.stringify([{ 'a/b': [[uuid]] }])]) {
      const { suggestedTypes } = sampleOf(text);
      expect(suggestedTypes.length).toBeGreaterThan(0);
      const sample = sampleOf(text, {
        types: suggestedTypes.map(({ pointer, type }) => `${pointer}=${type}`).join(','),
      });
      expect(sample).toMatchObject({ notes: [], suggestedTypes: [], payload: { variants: ['native'] } });
      expect(formatted(materialize(sample).value)).toBeGreaterThan(0);
    }
  });

  it('revive the positions that the rules name and no others', () => {
    const { value } = materialize(sampleOf(rows, { types: 'at=date' })) as {
      value: { items: { id: unknown; at: unknown; note: unknown }[] };
    };
    expect(value.items[0]).toMatchObject({ id: uuid, at: new Date(datetime), note: 'x' });
    expect(value.items[1]).toMatchObject({ id: uuid, at: null, note: datetime });
  });

  it('give the text that Date and UUID write, and say how many strings that changes', () => {
    const times = ['2024-01-01T00:00:00Z', '2024-01-01T02:00:00.123456+02:00', '2024-01-01'];
    const ids = [uuid.toUpperCase(), uuid, null];
    const text = JSON.stringify(times.map((at, index) => ({ at, id: ids[index] })));
    const sample = sampleOf(text, { types: 'at=date,/*/id=uuid' });
    expect(materialize(sample).text).toBe(
      JSON.stringify([
        { at: '2024-01-01T00:00:00.000Z', id: uuid },
        { at: '2024-01-01T00:00:00.123Z', id: uuid },
        { at: '2024-01-01T00:00:00.000Z', id: null },
      ]),
    );
    expect(sample.notes).toEqual([
      '4 of 5 typed strings are written differently by a Date or a 16-byte UUID than in the document; the rewritten form is measured',
    ]);
  });

  const tooMany = Array.from({ length: 300 }, (_, index) => [`key-${index}`, { at: '2024-01-01T00:00:00Z', n: index }]);
  it.each<[string, JsonValue, string]>([
    ['below a map', { map: Object.fromEntries(tooMany) }, 'at=date'],
    ['below a map, by pointer', { map: Object.fromEntries(tooMany) }, '/map/*/at=date'],
    ['below one key of a map', { map: Object.fromEntries(tooMany) }, '/map/key-7/at=date'],
    [
      'as the values of a map',
      { map: Object.fromEntries(tooMany.map(([key]) => [key as string, '2024-01-01T00:00:00Z'])) },
      '/map/*=date',
    ],
    ['in an object that is open', { toString: 1, at: '2024-01-01T00:00:00Z' }, 'at=date'],
    ['at the top', '2024-01-01T00:00:00Z', '=date'],
    ['in lists of strings', { ids: [uuid, uuid.toUpperCase(), null] }, 'ids=uuid'],
    ['in lists of lists', [[[uuid.toUpperCase()]]], '/*/*/*=uuid'],
    [
      'below more levels than a schema lists',
      JSON.parse(`${'{"a":['.repeat(20)}{"at":"2024-01-01T00:00:00Z"}${']}'.repeat(20)}`) as JsonValue,
      'at=date',
    ],
    ['under names with escapes', { 'a/b': { '~': uuid } }, '/a~1b/~0=uuid'],
  ])('reach strings %s', (_, document, types) => {
    const sample = sampleOf(JSON.stringify(document), { types });
    const { value, text } = materialize(sample);
    expect(formatted(value)).toBeGreaterThan(0);
    // What the native value gives is what the worker holds contenders against.
    expect(JSON.stringify(value)).toBe(text);
  });

  it('reach strings where a given schema has no type, and say where it gave way', () => {
    const schema = { type: 'object', properties: { row: { anyOf: [{ type: 'object' }, { type: 'null' }] }, list: {} } };
    const sample = sampleOf(JSON.stringify({ row: { at: datetime }, list: [{ at: datetime }] }), {
      schema,
      types: 'at=date',
    });
    expect(formatted(materialize(sample).value)).toBe(2);
    expect(sample.notes).toEqual([
      'the given schema at /row gave way to one inferred from the document, so that a type could be said there',
    ]);
  });

  it('replace the formats of a given schema', () => {
    const schema = {
      type: 'object',
      properties: { at: { type: 'string', format: 'date-time' }, to: { type: 'string', format: 'date-time' } },
    };
    const { value } = materialize(
      sampleOf(JSON.stringify({ at: datetime, to: datetime }), { schema, types: 'to=date' }),
    );
    expect(value).toEqual({ at: datetime, to: new Date(datetime) });
  });

  it.each([
    ['matches nothing', 'nowhere=date', /rule "nowhere=date": no string in the document is matched; name a key/],
    ['has an index in place of a star', '/items/0/id=uuid', /no string in the document is matched/],
    [
      'matches other strings',
      'note=date',
      /rule "note=date": \/items\/\*\/note holds "x", which is not an RFC 3339 datetime/,
    ],
    ['matches strings of the other type', 'id=date', /holds "0b5c2f1e-4a77/],
    ['names objects', '/items/*=uuid', /\/items\/\* holds \{"id":/],
  ])('refuse a rule that %s', (_, types, reason) => {
    expect(toldBy(() => sampleOf(rows, { types }))).toMatch(reason);
  });

  it('refuse a place where no schema can say the type', () => {
    expect(toldBy(() => sampleOf(JSON.stringify({ mixed: ['a', { at: datetime }] }), { types: 'at=date' }))).toMatch(
      /rule "at=date": \/mixed\/\* holds values of several types/,
    );
  });

  it('leave a mixed place alone that no rule looks into', () => {
    const sample = sampleOf(JSON.stringify({ at: datetime, mixed: ['a', { b: 1 }, [datetime]] }), { types: 'at=date' });
    expect(formatted(materialize(sample).value)).toBe(1);
  });
});

describe('parseTypeRules', () => {
  it('reads names and pointers', () => {
    expect(parseTypeRules('createdAt=date, /items/*/id=uuid,a=b=date')).toEqual([
      { field: 'createdAt', type: 'date' },
      { field: '/items/*/id', type: 'uuid' },
      { field: 'a=b', type: 'date' },
    ]);
  });

  it.each([
    ['', /"" is not a rule; write FIELD=TYPE, as in createdAt=date; types are date, uuid/],
    ['createdAt', /"createdAt" is not a rule/],
    ['createdAt=dat', /'dat'; did you mean 'date'\? choose from date, uuid/],
    ['a=date,a=uuid', /the field "a" comes twice/],
  ])('refuses %j', (text, reason) => {
    expect(toldBy(() => parseTypeRules(text))).toMatch(reason);
  });
});
