/**
 * Reads what the program `hey` prints when it is done: its figures in ours.
 *
 * hey writes seconds with four decimals, so that its latencies come in steps of 0.1 ms. Its own rate counts failures too,
 * and in some versions not, so it is formed anew; what hey does not tell, such as p99.9, is left out.
 * Source: hey 0.1.4, requester/print.go and report.go.
 */
import { type Failures, type Latencies, percents, type SideFigures } from './figures.ts';

/**
 * The figures in its text.
 * @returns `undefined` where there are none.
 */
export function parseHeyOutput(text: string): SideFigures | undefined {
  const statuses = Object.fromEntries(
    [...sectionOf(text, 'Status code distribution').matchAll(/^\s*\[(\d+)\]\s+(\d+) responses/gm)].map(
      ([, code, count]) => [code as string, Number(count)],
    ),
  );
  const errors = parseErrors(sectionOf(text, 'Error distribution'));
  const responses = sum(Object.values(statuses));
  const sent = responses + sum(errors.map(({ count }) => count));
  if (sent === 0) return undefined;
  const isProper = ([code]: [string, number]): boolean => code.startsWith('2');
  const answered = sum(
    Object.entries(statuses)
      .filter(isProper)
      .map(([, count]) => count),
  );
  const bad = Object.entries(statuses).filter((entry) => !isProper(entry));
  const failures = [...bad.map(([code, count]): Failures => ({ kind: `HTTP ${code}`, count })), ...errors];
  const elapsedNs = toNs(valueOf(text, 'Total') ?? 0);
  const latencies = answered === 0 ? undefined : parseLatencies(text);
  const medianNs = latencies?.percentiles.find(({ percent }) => percent === 50)?.ns;
  return {
    sent,
    answered,
    failures: failures.toSorted((a, b) => b.count - a.count),
    abandoned: 0,
    statuses,
    elapsedNs,
    receivedBytes: Number(/^\s*Total data:\s*(\d+) bytes/m.exec(text)?.[1] ?? 0),
    ...(latencies === undefined ? {} : { latencies }),
    windows: [
      {
        answeredPerSec: elapsedNs > 0 ? (answered / elapsedNs) * 1e9 : 0,
        ...(medianNs === undefined ? {} : { medianNs }),
      },
    ],
  };
}

function parseLatencies(text: string): Latencies | undefined {
  const [fastest, mean, slowest] = ['Fastest', 'Average', 'Slowest'].map((name) => valueOf(text, name));
  if (fastest === undefined || mean === undefined || slowest === undefined) return undefined;
  // A percentile that hey has no value for is a line of zeros.
  const known = new Map(
    [...sectionOf(text, 'Latency distribution').matchAll(/^\s*([\d.]+)%+ in ([\d.]+) secs/gm)].map(
      ([, percent, seconds]) => [Number(percent), toNs(Number(seconds))],
    ),
  );
  return {
    fastestNs: toNs(fastest),
    meanNs: toNs(mean),
    slowestNs: toNs(slowest),
    percentiles: percents.map((percent) => {
      const ns = known.get(percent);
      return { percent, ...(ns === undefined ? {} : { ns }) };
    }),
  };
}

function parseErrors(section: string): Failures[] {
  const kinds = new Map<string, { count: number; example: string }>();
  for (const [, count, message = ''] of section.matchAll(/^\s*\[(\d+)\]\s+(.+)$/gm)) {
    const kind = kindOf(message);
    const known = kinds.get(kind) ?? { count: 0, example: message };
    kinds.set(kind, { ...known, count: known.count + Number(count) });
  }
  return [...kinds].map(([kind, rest]) => ({ kind, ...rest }));
}

/** Of an error in Go's words, which hold addresses and ports, by the names that our own engine has. */
function kindOf(message: string): string {
  if (/Client\.Timeout|deadline exceeded/.test(message)) return 'timeout';
  if (message.includes('connection refused')) return 'ECONNREFUSED';
  if (message.includes('unexpected EOF')) return 'connection closed inside an answer';
  if (/EOF|connection reset|broken pipe|server closed idle connection/.test(message))
    return 'connection closed before an answer';
  return 'other failures';
}

/** The lines below a heading, up to the next heading or the end. */
function sectionOf(text: string, heading: string): string {
  return new RegExp(`^${heading}:.*\\n([^]*?)(?=^\\S.*:|(?![^]))`, 'm').exec(text)?.[1] ?? '';
}

/** A figure of the summary; hey writes NaN where it has divided by nothing. */
function valueOf(text: string, name: string): number | undefined {
  const value = Number(new RegExp(`^\\s*${name}:\\s*([\\d.]+)`, 'm').exec(text)?.[1]);
  return Number.isFinite(value) ? value : undefined;
}

/** Whole, since seconds with four decimals are. */
function toNs(seconds: number): number {
  return Math.round(seconds * 1e9);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
