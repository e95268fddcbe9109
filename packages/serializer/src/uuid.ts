/**
 * UUIDs of 16 bytes in their canonical text form, as a flat string.
 *
 * Source: RFC 9562, section 4.
 */

/** Character codes of the two hexadecimal digits of each byte: high digit, then low digit. */
const digits = new Uint8Array(512);
for (let byte = 0; byte < 256; byte += 1) {
  digits[byte * 2] = '0123456789abcdef'.charCodeAt(byte >> 4);
  digits[byte * 2 + 1] = '0123456789abcdef'.charCodeAt(byte & 15);
}

const hyphen = 45;

/** @param b at least 16 bytes; the first 16 count. @returns 36 characters in lower case. */
export function formatUuid(b: Uint8Array): string {
  const d = digits as unknown as number[];
  const b0 = (b[0] as number) * 2,
    b1 = (b[1] as number) * 2,
    b2 = (b[2] as number) * 2,
    b3 = (b[3] as number) * 2;
  const b4 = (b[4] as number) * 2,
    b5 = (b[5] as number) * 2,
    b6 = (b[6] as number) * 2,
    b7 = (b[7] as number) * 2;
  const b8 = (b[8] as number) * 2,
    b9 = (b[9] as number) * 2,
    b10 = (b[10] as number) * 2,
    b11 = (b[11] as number) * 2;
  const b12 = (b[12] as number) * 2,
    b13 = (b[13] as number) * 2,
    b14 = (b[14] as number) * 2,
    b15 = (b[15] as number) * 2;
  return String.fromCharCode(
    d[b0]!,
    d[b0 + 1]!,
    d[b1]!,
    d[b1 + 1]!,
    d[b2]!,
    d[b2 + 1]!,
    d[b3]!,
    d[b3 + 1]!,
    hyphen,
    d[b4]!,
    d[b4 + 1]!,
    d[b5]!,
    d[b5 + 1]!,
    hyphen,
    d[b6]!,
    d[b6 + 1]!,
    d[b7]!,
    d[b7 + 1]!,
    hyphen,
    d[b8]!,
    d[b8 + 1]!,
    d[b9]!,
    d[b9 + 1]!,
    hyphen,
    d[b10]!,
    d[b10 + 1]!,
    d[b11]!,
    d[b11 + 1]!,
    d[b12]!,
    d[b12 + 1]!,
    d[b13]!,
    d[b13 + 1]!,
    d[b14]!,
    d[b14 + 1]!,
    d[b15]!,
    d[b15 + 1]!,
  );
}
