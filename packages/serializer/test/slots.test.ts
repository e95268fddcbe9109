/**
 * Placeholders never show: whatever stands beside them, and whoever looks, the text is that of JSON.stringify.
 */
import { describe, expect, it } from 'vitest';

import { createResponseSerializer } from '../src/response-serializer.ts';
import { Slots } from '../src/slots.ts';
import { createConvert } from '../src/substitute.ts';
import { formatUuid } from '../src/uuid.ts';
import { Writer } from '../src/writer.ts';

class Uuid {
  readonly bytes: Uint8Array;
  constructor(seed: number) {
    this.bytes = Uint8Array.from({ length: 16 }, (_, index) => (seed * 31 + index * 17) % 256);
  }
  toJSON(): string {
    return formatUuid(this.bytes);
  }
}
const known = [{ class: Uuid, bytes: ({ bytes }: Uuid) => bytes }];

function uuids(count: number): Uuid[] {
  return Array.from({ length: count }, (_, seed) => new Uuid(seed));
}

function expectSame(list: unknown, serializer = createResponseSerializer({ types: { known } })): void {
  const text = JSON.stringify(list);
  for (const time of ['cold', 'warm'])
    expect([time, serializer.toBuffer(list).toString(), Buffer.concat([...serializer.chunks(list)]).toString()]).toEqual(
      [time, text, text],
    );
}

/** A list of the kind that gets placeholders. */
function items(count: number, other: (index: number) => object = () => ({})): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: new Uuid(index),
    ids: uuids(index % 40),
    at: new Date(index * 86_400_123),
    ...other(index),
  }));
}

describe('placeholders', () => {
  it('give way to the digits of datetimes and UUIDs', () => {
    expectSame(items(200));
    expectSame({ result: { tools: items(50) } });
  });

  it('give way beside characters of several bytes, DEL characters and quotes', () => {
    expectSame(items(100, (index) => ({ name: ['é', '日本', '\x7f', '\x7f####', '"\\\n', '\ud83d'][index % 6] })));
  });

  it('stand for dates of every year that they can stand for, and for no other', () => {
    const day = 86_400_000;
    const times = [-1, 0, 1, 65_536 * day - 1, 65_536 * day, 8.64e15, -8.64e15, Number.NaN];
    expectSame(items(100, (index) => ({ at: new Date(times[index % times.length] as number) })));
    expectSame(items(100, () => ({ at: Object.assign(new Date(0), { toISOString: () => 'own' }) })));
  });

  it('are not seen by a method that calls the same serializer in the middle of a list', () => {
    const serializer = createResponseSerializer({ types: { known } });
    const seen: string[] = [];
    const inner = items(30);
    const curious = {
      toJSON(): unknown {
        seen.push(serializer.toBuffer(inner).toString(), serializer.stringify(inner));
        return { ids: uuids(3) };
      },
    };
    const list = items(60, (index) => ({ more: index % 7 === 0 ? curious : null, ids: [new Uuid(index), curious] }));
    expectSame(list, serializer);
    expect(new Set(seen)).toEqual(new Set([JSON.stringify(inner)]));
  });

  it('leave nothing behind where an item throws', () => {
    const serializer = createResponseSerializer({ types: { known } });
    const failing = items(60, (index) => ({ more: index === 45 ? 1n : 0 }));
    for (let time = 0; time < 3; time += 1) {
      expect(() => serializer.toBuffer(failing)).toThrow(TypeError);
      expectSame(items(60), serializer);
    }
  });

  it('are as many as two digits tell apart, and no more', () => {
    const serializer = createResponseSerializer({ types: { known }, chunkItems: 2000 });
    expectSame(
      Array.from({ length: 2000 }, (_, index) => ({ id: new Uuid(index), ids: uuids(3) })),
      serializer,
    );
  });

  it('make a text void where one is missing or stands twice', () => {
    const slots = new Slots({ bytesOf: () => undefined, others: createConvert([]) });
    const write = (make: (placeholder: string) => unknown[]): boolean => {
      const writer = new Writer();
      const placeholder = slots.one(new Date(0), '') as string;
      const isWritten = writer.writeItemsOver(JSON.stringify(make(placeholder)), 0x5b, slots);
      slots.clear();
      expect(writer.length > 0).toBe(isWritten);
      return isWritten;
    };
    expect(write((placeholder) => [placeholder])).toBe(true);
    expect(write(() => ['nothing'])).toBe(false);
    expect(write((placeholder) => [placeholder.slice(0, 20)])).toBe(false);
    slots.one(new Date(1), '');
    expect(write((placeholder) => [placeholder, placeholder])).toBe(false);
  });
});
