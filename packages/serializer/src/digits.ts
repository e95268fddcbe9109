/**
 * Datetimes and UUIDs as digits in memory, without a string in between.
 */
import { dateOfDay, timeOfDay } from './datetime.ts';

/** Two decimal digits of 0 to 99 as they lie in memory, the first one first. */
export const twoDigits = new Uint16Array(100);
for (let number = 0; number < 100; number += 1)
  twoDigits[number] = (48 + Math.floor(number / 10)) | ((48 + (number % 10)) << 8);
/** Two hexadecimal digits of a byte, likewise. */
const hexDigits = new Uint16Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const text = byte.toString(16).padStart(2, '0');
  hexDigits[byte] = text.charCodeAt(0) | (text.charCodeAt(1) << 8);
}

/** @param ms from 0 on and below `tabledMs`. */
export function writeDatetime(ms: number, view: DataView, at: number): void {
  const d = twoDigits as unknown as number[];
  const days = Math.floor(ms / 86_400_000);
  const time = timeOfDay(ms - days * 86_400_000);
  const date = dateOfDay(days);
  const year = date >> 9;
  const century = (year / 100) | 0;
  const millis = time & 1023;
  const hundreds = (millis / 100) | 0;
  view.setInt32(at, d[century]! | (d[year - century * 100]! << 16), true);
  view.setUint8(at + 4, 0x2d);
  view.setUint16(at + 5, d[(date >> 5) & 15]!, true);
  view.setUint8(at + 7, 0x2d);
  view.setUint16(at + 8, d[date & 31]!, true);
  view.setUint8(at + 10, 0x54);
  view.setUint16(at + 11, d[time >> 22]!, true);
  view.setUint8(at + 13, 0x3a);
  view.setUint16(at + 14, d[(time >> 16) & 63]!, true);
  view.setUint8(at + 16, 0x3a);
  view.setUint16(at + 17, d[(time >> 10) & 63]!, true);
  view.setUint16(at + 19, 0x2e | ((48 + hundreds) << 8), true);
  view.setUint16(at + 21, d[millis - hundreds * 100]!, true);
  view.setUint8(at + 23, 0x5a);
}

/** @param b 16 bytes. */
export function writeUuid(b: Uint8Array, view: DataView, at: number): void {
  const h = hexDigits as unknown as number[];
  view.setInt32(at, h[b[0]!]! | (h[b[1]!]! << 16), true);
  view.setInt32(at + 4, h[b[2]!]! | (h[b[3]!]! << 16), true);
  view.setUint8(at + 8, 0x2d);
  view.setInt32(at + 9, h[b[4]!]! | (h[b[5]!]! << 16), true);
  view.setUint8(at + 13, 0x2d);
  view.setInt32(at + 14, h[b[6]!]! | (h[b[7]!]! << 16), true);
  view.setUint8(at + 18, 0x2d);
  view.setInt32(at + 19, h[b[8]!]! | (h[b[9]!]! << 16), true);
  view.setUint8(at + 23, 0x2d);
  view.setInt32(at + 24, h[b[10]!]! | (h[b[11]!]! << 16), true);
  view.setInt32(at + 28, h[b[12]!]! | (h[b[13]!]! << 16), true);
  view.setInt32(at + 32, h[b[14]!]! | (h[b[15]!]! << 16), true);
}
