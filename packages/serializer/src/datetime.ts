/**
 * Datetimes as `Date.prototype.toISOString` writes them, in integer arithmetic and as a flat string.
 *
 * A flat string keeps `JSON.stringify` on V8's fast path, which a `Date` (for its `toJSON`) and a concatenated string
 * both leave.
 * Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (civil_from_days); ECMA-262, Date Time String Format.
 */

const dayMs = 86_400_000;
/** First millisecond of year 0 and the one after year 9999: outside, years have a sign and six digits. */
const firstMs = -62_167_219_200_000;
const endMs = 253_402_300_800_000;
const zero = 48;

/**
 * @param ms milliseconds since 1970-01-01T00:00:00Z, finite.
 * @returns 24 characters such as `2026-01-02T03:04:05.678Z`; 27 with a signed year outside 0 to 9999.
 * @throws {RangeError} for NaN and times beyond what a Date can hold, as `toISOString` does.
 */
export function formatDatetime(ms: number): string {
  if (!(ms >= firstMs && ms < endMs)) return new Date(ms).toISOString();
  const days = Math.floor(ms / dayMs);
  const time = timeOfDay(ms - days * dayMs);
  const date = days >= 0 && days < tabledDays ? dateOfDay(days) : computeDate(days);
  const year = date >> 9;
  const month = (date >> 5) & 15;
  const day = date & 31;

  const hours = time >> 22;
  const minutes = (time >> 16) & 63;
  const seconds = (time >> 10) & 63;
  const millis = time & 1023;

  const century = (year / 100) | 0;
  const yearOfCentury = year - century * 100;
  const hundreds = (millis / 100) | 0;
  const rest = millis - hundreds * 100;
  return String.fromCharCode(
    tens[century]!,
    ones[century]!,
    tens[yearOfCentury]!,
    ones[yearOfCentury]!,
    45,
    tens[month]!,
    ones[month]!,
    45,
    tens[day]!,
    ones[day]!,
    84,
    tens[hours]!,
    ones[hours]!,
    58,
    tens[minutes]!,
    ones[minutes]!,
    58,
    tens[seconds]!,
    ones[seconds]!,
    46,
    zero + hundreds,
    tens[rest]!,
    ones[rest]!,
    90,
  );
}

/** Character codes of the digits of 0 to 99. */
const tens = Uint8Array.from({ length: 100 }, (_, number) => zero + Math.trunc(number / 10));
const ones = Uint8Array.from({ length: 100 }, (_, number) => zero + (number % 10));

/** Days from 1970 on whose dates are kept once computed, up to the year 2149. */
const tabledDays = 65_536;
const table = new Int32Array(tabledDays);
/** The first millisecond after them. */
export const tabledMs = tabledDays * dayMs;

/**
 * @param days since 1970-01-01, from 0 on and below 65,536.
 * @returns year, month and day in one number, the day in the lowest 5 bits, the month in the 4 above.
 */
export function dateOfDay(days: number): number {
  const known = table[days] as number;
  return known === 0 ? (table[days] = computeDate(days)) : known;
}

/**
 * @param ms since midnight, below a day's.
 * @returns hours, minutes, seconds and milliseconds in one number, of 6, 6, 6 and 10 bits, the milliseconds lowest.
 */
export function timeOfDay(ms: number): number {
  // Integers are divided by a multiplication.
  const whole = ms | 0;
  const inMinutes = (whole / 60_000) | 0;
  const rest = whole - inMinutes * 60_000;
  const hours = (inMinutes / 60) | 0;
  const seconds = (rest / 1000) | 0;
  return (hours << 22) | ((inMinutes - hours * 60) << 16) | (seconds << 10) | (rest - seconds * 1000);
}

/** Year, month and day in one number, the day in the lowest 5 bits, the month in the 4 above. */
function computeDate(days: number): number {
  // Days are counted from 0000-03-01, so that a leap day is the last day of its year.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const monthFromMarch = ((5 * dayOfYear + 2) / 153) | 0;
  const day = dayOfYear - (((153 * monthFromMarch + 2) / 5) | 0) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return (year << 9) | (month << 5) | day;
}

/** The methods that JSON.stringify would call, as they were when this module was loaded. */
const { toJSON, toISOString, valueOf, [Symbol.toPrimitive]: toPrimitive } = Date.prototype as unknown as Methods;
const readTime: (this: Date) => number = Reflect.get(Date.prototype, 'getTime');

type Methods = Readonly<Record<'toJSON' | 'toISOString' | 'valueOf' | typeof Symbol.toPrimitive, unknown>>;

/**
 * A Date's time in milliseconds since 1970, NaN for an invalid one.
 * @returns `undefined` where the date was given methods of its own, so that only `JSON.stringify` knows.
 */
export function plainTime(date: Date): number | undefined {
  const own = date as unknown as Methods;
  if (own.toJSON !== toJSON || own.toISOString !== toISOString) return undefined;
  if (own.valueOf !== valueOf || own[Symbol.toPrimitive] !== toPrimitive) return undefined;
  return readTime.call(date);
}

/**
 * What `JSON.stringify` writes for a Date, without the quotes: text, or `null` for an invalid date.
 * @returns `undefined` where only `JSON.stringify` knows.
 */
export function plainDateText(date: Date): string | null | undefined {
  const ms = plainTime(date);
  if (ms === undefined) return undefined;
  return Number.isNaN(ms) ? null : formatDatetime(ms);
}
