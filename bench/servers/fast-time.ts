/**
 * What time it is, and what time that is elsewhere: two small tools as agents have them, which take microseconds.
 *
 * Deliberately absent: natural language, and zones that the runtime does not know.
 */
import type { ServerKind } from '../../src/model/mcp-server.ts';

const zone = { type: 'string', description: 'An IANA time zone, as in Europe/Dublin.', default: 'UTC' };

export default {
  order: 2,
  title: 'the time, and the time elsewhere',
  create: () => ({
    instructions: 'Tells the time in any time zone, and converts between them.',
    tools: [
      {
        definition: {
          name: 'get-system-time',
          title: 'System time',
          description: 'The current time in a time zone.',
          inputSchema: { type: 'object', properties: { timezone: zone } },
          annotations: { readOnlyHint: true },
        },
        call: ({ timezone = 'UTC' }) => answer(formatIn(new Date(), readZone('timezone', timezone))),
      },
      {
        definition: {
          name: 'convert-time',
          title: 'Convert a time',
          description: 'What a time of one time zone is in another.',
          inputSchema: {
            type: 'object',
            properties: {
              time: { type: 'string', description: 'As in 2025-06-21T16:00:00, with or without an offset.' },
              source_timezone: zone,
              target_timezone: zone,
            },
            required: ['time', 'source_timezone', 'target_timezone'],
          },
          annotations: { readOnlyHint: true },
        },
        call({ time, source_timezone: source, target_timezone: target }) {
          const from = readZone('source_timezone', source);
          return answer(formatIn(readTime(time, from), readZone('target_timezone', target)));
        },
      },
    ],
    resources: [],
    prompts: [],
  }),
} satisfies ServerKind;

function answer(text: string): { content: object[]; isError: false } {
  return { content: [{ type: 'text', text }], isError: false };
}

/** Making a formatter takes a thousand times as long as using it; zones are a few hundred. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function readZone(name: string, value: unknown): Intl.DateTimeFormat {
  if (typeof value !== 'string') throw new Error(`${name} must be a time zone, as in Europe/Dublin`);
  let formatter = formatters.get(value);
  if (formatter === undefined) {
    try {
      formatter = new Intl.DateTimeFormat('en-US', {
        timeZone: value,
        calendar: 'iso8601',
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        timeZoneName: 'longOffset',
      });
    } catch {
      throw new Error(`${name} is no time zone that is known here: ${JSON.stringify(value.slice(0, 100))}`);
    }
    formatters.set(value, formatter);
  }
  return formatter;
}

/** RFC 3339 with the zone's offset, to the second. */
function formatIn(date: Date, formatter: Intl.DateTimeFormat): string {
  const { year, month, day, hour, minute, second, offset } = partsOf(date, formatter);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`;
}

interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly offset: string;
}

function partsOf(date: Date, formatter: Intl.DateTimeFormat): Parts {
  const found = new Map(formatter.formatToParts(date).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => found.get(type) ?? '';
  const offset = part('timeZoneName').replace('GMT', '');
  return {
    year: part('year').padStart(4, '0'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
    // Runtimes write UTC with an offset or without.
    offset: offset === '' || offset === '+00:00' ? 'Z' : offset,
  };
}

/**
 * @returns the moment that a clock in the zone shows as this time; where it shows it twice the earlier one, and where it
 *   never does the moment as far after the gap.
 */
function readTime(time: unknown, formatter: Intl.DateTimeFormat): Date {
  const text = typeof time === 'string' ? time.trim() : '';
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:?\d{2})?$/i.test(text))
    throw new Error('time must be a date and a time, as in 2025-06-21T16:00:00');
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
  const asUtc = new Date(hasOffset ? text : `${text}Z`);
  if (Number.isNaN(asUtc.getTime())) throw new Error(`there is no such time: ${text}`);
  if (hasOffset) return asUtc;
  // The offset at that moment, looked up a second time where the first guess lay beyond a change of clocks.
  const first = asUtc.getTime() - offsetAt(asUtc, formatter);
  return new Date(asUtc.getTime() - offsetAt(new Date(first), formatter));
}

/** Milliseconds that clocks of the zone are ahead of UTC. */
function offsetAt(date: Date, formatter: Intl.DateTimeFormat): number {
  const [, sign, hours, minutes, seconds = '0'] =
    /([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(partsOf(date, formatter).offset) ?? [];
  if (sign === undefined) return 0;
  const ahead = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ahead : ahead;
}
