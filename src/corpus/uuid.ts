/**
 * A UUID held as 16 bytes, as a driver for a binary column gives it, and the classes of the `native` variant.
 *
 * The text form is made on demand from a table of hex pairs, which is how the usual UUID packages do it, so a contender
 * that asks for text pays what it would pay in a gateway.
 * Source: RFC 9562, section 4 (text form).
 */
import type { NativeTypes, UuidValue } from '../model/values.ts';

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BYTES = 16;
const HEX_PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Compares by its bytes, never by identity; the bytes are kept as they are given, not copied. */
export class Uuid implements UuidValue {
  readonly bytes: Uint8Array;

  /** @throws {RangeError} unless there are exactly 16 bytes. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== BYTES) throw new RangeError(`a UUID has ${BYTES} bytes, not ${bytes.length}`);
    this.bytes = bytes;
  }

  /**
   * Reads the canonical form only: 36 characters, lower case, hyphens in their places; any version.
   * @throws {RangeError} for every other text, the empty one included.
   */
  static parse(text: string): Uuid {
    if (!isCanonicalUuid(text)) throw new RangeError(`not a canonical UUID: ${JSON.stringify(text)}`);
    const digits = text.replaceAll('-', '');
    const bytes = new Uint8Array(BYTES);
    for (let index = 0; index < BYTES; index += 1) {
      bytes[index] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
    }
    return new Uuid(bytes);
  }

  /** Canonical lower-case text, 36 characters, computed anew on every call. */
  toString(): string {
    const b = this.bytes;
    // Written out, since a loop with conditional hyphens would measure the loop and not the table.
    return (
      pair(b, 0) +
      pair(b, 1) +
      pair(b, 2) +
      pair(b, 3) +
      '-' +
      pair(b, 4) +
      pair(b, 5) +
      '-' +
      pair(b, 6) +
      pair(b, 7) +
      '-' +
      pair(b, 8) +
      pair(b, 9) +
      '-' +
      pair(b, 10) +
      pair(b, 11) +
      pair(b, 12) +
      pair(b, 13) +
      pair(b, 14) +
      pair(b, 15)
    );
  }

  toJSON(): string {
    return this.toString();
  }
}

/** What the `native` variant is made of; handed to contenders and to `Payload.revive`. */
export const nativeTypes: NativeTypes = { Uuid };

/** True for the 36-character lower-case form that `Uuid.parse` reads. */
export function isCanonicalUuid(text: string): boolean {
  return CANONICAL.test(text);
}

function pair(bytes: Uint8Array, index: number): string {
  return HEX_PAIRS[bytes[index] as number] as string;
}
