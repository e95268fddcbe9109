/**
 * Identifiers and times of the libraries that people use, with what a serializer is told of them: the text is still what
 * JSON.stringify gives, or what the option says.
 */
import { ObjectId, UUID } from 'bson';
import { types as pgTypes } from 'pg';
import { describe, expect, it } from 'vitest';
import { parse, stringify, v4, v7 } from 'uuid';

import { createResponseSerializer } from '../src/response-serializer.ts';
import type { KnownClass } from '../src/substitute.ts';

const known: readonly KnownClass[] = [
  { class: UUID, bytes: ({ buffer }: UUID) => buffer },
  { class: ObjectId, text: (id: ObjectId) => id.toHexString() },
  { class: Temporal.Instant, text: (instant: Temporal.Instant) => instant.toString() },
  { class: Temporal.PlainDate, text: (date: Temporal.PlainDate) => date.toString() },
];

function items(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    _id: new ObjectId(),
    uuid: new UUID(),
    related: Array.from({ length: index % 5 }, () => new UUID()),
    at: Temporal.Instant.fromEpochMilliseconds(index * 86_400_001),
    day: Temporal.PlainDate.from('2026-11-28'),
    name: `item ${index}`,
  }));
}

describe('classes that a serializer is told of', () => {
  it.each([
    ['UUID and ObjectId of bson, and Temporal', { types: { known } }],
    ['the same without a word', {}],
  ])('%s', (_title, options) => {
    const serializer = createResponseSerializer(options);
    for (const list of [items(3), items(200)]) {
      const text = JSON.stringify(list);
      for (let time = 0; time < 2; time += 1) {
        expect(serializer.toBuffer(list).toString()).toBe(text);
        expect(serializer.stringify(list)).toBe(text);
      }
    }
  });

  it('has the bytes of the uuid package as UUIDs where uuidBytes is on', () => {
    const serializer = createResponseSerializer({ types: { uuidBytes: true } });
    const bytes = Array.from({ length: 50 }, (_, index) => parse(index % 2 === 0 ? v4() : v7()));
    const list = bytes.map((id) => ({ id }));
    expect(JSON.parse(serializer.toBuffer(list).toString())).toEqual(bytes.map((id) => ({ id: stringify(id) })));
  });

  it('has what PostgreSQL gives as its driver reads it: UUIDs are text, timestamps are Dates', () => {
    const { builtins } = pgTypes;
    const read = (type: Parameters<typeof pgTypes.getTypeParser>[0], text: string): unknown =>
      (pgTypes.getTypeParser(type) as (text: string) => unknown)(text);
    const rows = Array.from({ length: 50 }, (_, index) => ({
      id: read(builtins.UUID, v4()),
      at: read(builtins.TIMESTAMPTZ, `2026-11-28 10:${10 + (index % 50)}:00.123+01`),
      attributes: read(builtins.JSONB, '{"a":[1,2]}'),
    }));
    expect([typeof rows[0]?.id, rows[0]?.at instanceof Date]).toEqual(['string', true]);
    const serializer = createResponseSerializer();
    for (let time = 0; time < 2; time += 1) expect(serializer.toBuffer(rows).toString()).toBe(JSON.stringify(rows));
  });
});
