/**
 * A made-up run that holds every kind of cell once: the material of the golden tables.
 *
 * Times follow from a table of factors, so that a change of a golden file can be told from a change of the data. Names
 * are invented: nothing here is a measurement. Deliberately absent: randomness.
 */
import type { Registered } from '../../../src/model/bench-module.ts';
import type { MicroCellId, EncodedSize, Fork, ForkOutcome } from '../../../src/model/cell.ts';
import type { Capability, Contender } from '../../../src/model/contender.ts';
import type { Payload } from '../../../src/model/payload.ts';
import type { LatencySuite, Suite } from '../../../src/model/suite.ts';
import type { RunRecord } from '../../../src/run-file/records.ts';
import type { Metadata } from '../../../src/report/catalog.ts';
import { assembleOutcomes } from '../../compare/outcomes.ts';
import { storeMicro } from '../../records.ts';
import { imaginaryEnvironment } from '../../imaginary-environment.ts';

const rounds = [0, 1, 2, 3, 4];
/** How a fork differs from the next one, the same for every cell but shifted, as processes do. */
const jitter = [1, 1.01, 0.99, 1.02, 0.985];

type Factor = number | ForkOutcome['status'];

interface Row {
  readonly id: string;
  readonly capabilities?: readonly Capability[];
  /** Time against the reference's, or how the cell ends, by item count. */
  readonly text: readonly [Factor, Factor, Factor];
  readonly native: readonly [Factor, Factor, Factor];
  readonly spread?: number;
}

function always(factor: Factor): [Factor, Factor, Factor] {
  return [factor, factor, factor];
}

const items = [10, 100, 1000] as const;

const rows: readonly Row[] = [
  { id: 'plain', text: [1, 1, 1], native: [1, 1, 1] },
  {
    id: 'compiled',
    capabilities: ['needs-schema', 'drops-unknown-fields'],
    text: [0.8, 1, 1.6],
    native: [0.5, 0.45, 0.4],
  },
  { id: 'packed', capabilities: ['binary', 'native-code'], text: [0.9, 0.7, 0.6], native: [0.6, 0.5, 0.4] },
  { id: 'shaky', text: [1.2, 1.3, 1.4], native: [1.2, 1.3, 1.4], spread: 12 },
  { id: 'forgetful', capabilities: ['lossy'], text: [1.1, 1.1, 1.1], native: always('incorrect') },
  { id: 'fragile', text: [1.5, 1.5, 'failed'], native: [1.5, 1.5, 'failed'] },
  { id: 'missing', capabilities: ['native-code'], text: always('unavailable'), native: always('unavailable') },
  { id: 'picky', capabilities: ['needs-schema'], text: [1.05, 1.05, 1.05], native: always('unsupported') },
  { id: 'cached', capabilities: ['memoizes'], text: [0.01, 0.01, 0.01], native: [0.01, 0.01, 0.01] },
];

const reasons: Readonly<Record<string, string>> = {
  incorrect: 'first difference at /0/createdAt',
  failed: 'the process ran out of memory (heap limit | 512 MB)',
  unavailable: 'the package "missing" is not installed',
  unsupported: 'it has no Date objects',
};

/** Same number for the same cell and round, unlike for a neighbour. */
function wobble(contender: string, round: number, spread: number): number {
  const shift = rows.findIndex(({ id }) => id === contender) + 1;
  return (jitter[(round * shift + shift) % jitter.length] ?? 1) ** spread;
}

function makeFork(fork: Pick<Fork, 'round' | 'latencyNs' | 'outputBytes'> & Partial<Fork>): Fork {
  const { latencyNs } = fork;
  return {
    blocks: [latencyNs * 0.99, latencyNs, latencyNs * 1.01],
    opsPerBlock: 100,
    peakBlockNs: latencyNs * 3,
    compileNs: 1500,
    allocatedBytesPerOp: fork.outputBytes * 2,
    gcTimeShare: 0.04,
    warnings: [],
    ...fork,
  };
}

function speedOutcomes(): ForkOutcome[] {
  return (['text', 'native'] as const).flatMap((variant) =>
    items.flatMap((count, position) =>
      rows.flatMap((row) => {
        const cell: MicroCellId = {
          suite: 'speed',
          contender: row.id,
          payload: 'list',
          items: count,
          variant,
          sink: 'bytes',
        };
        const factor = row[variant][position] ?? 1;
        return rounds.map((round): ForkOutcome => {
          const status = typeof factor === 'string' ? factor : 'ok';
          if (typeof factor === 'string') return { cell, round, status, reason: reasons[factor] ?? factor };
          // One fork of a cell that is otherwise fine crashes.
          if (row.id === 'fragile' && count === 10 && round === 1) {
            return { cell, round, status: 'failed', reason: 'it exited with code 9' };
          }
          const base = count * (variant === 'native' ? 4000 : 1000);
          const latencyNs = base * factor * wobble(row.id, round, row.spread ?? 1);
          const warnings = row.id === 'picky' && round < 2 ? ['warm-up did not settle'] : [];
          const compileNs = row.capabilities?.includes('needs-schema') === true ? 2.5e6 : 1500;
          const outputBytes = count * (row.capabilities?.includes('binary') === true ? 800 : 1000);
          return { cell, round, status, fork: makeFork({ round, latencyNs, outputBytes, compileNs, warnings }) };
        });
      }),
    ),
  );
}

const dates: Readonly<Record<string, readonly [number, string]>> = {
  'datetime-text': [160, '"2026-01-02T03:04:05.678Z"'],
  'datetime-object': [1100, '"2026-01-02T03:04:05.678Z"'],
  'datetime-number': [30, '1767323045678'],
};

function dateOutcomes(): ForkOutcome[] {
  return Object.entries(dates).flatMap(([payload, [ns, example]]) =>
    ['plain', 'compiled'].flatMap((contender) => {
      const cell: MicroCellId = { suite: 'dates', contender, payload, items: 100, variant: 'native', sink: 'bytes' };
      return rounds.map((round): ForkOutcome => {
        if (contender === 'compiled' && payload === 'datetime-number') {
          return { cell, round, status: 'incorrect', reason: 'first difference at /0', example: '"`1767323045678|`"' };
        }
        const latencyNs = ns * 100 * wobble(contender, round, 1);
        return { cell, round, status: 'ok', fork: makeFork({ round, latencyNs, outputBytes: 2600 }), example };
      });
    }),
  );
}

const encodings: readonly (readonly [EncodedSize['encoding'], number, number, number])[] = [
  ['gzip', 6, 0.16, 1.5e6],
  ['br', 4, 0.15, 9e5],
  ['zstd', 3, 0.165, 3e5],
];

function sizeOutcomes(): ForkOutcome[] {
  const sizes: readonly [string, number][] = [
    ['plain', 100_000],
    ['roomy', 107_000],
    ['packed', 82_000],
  ];
  return sizes.map(([contender, outputBytes]) => ({
    cell: { suite: 'sizes', contender, payload: 'list', items: 100, variant: 'text', sink: 'bytes' },
    round: 0,
    status: 'ok',
    size: {
      outputBytes,
      encoded: encodings.map(([encoding, level, share, latencyNs]) => {
        return { encoding, level, sizeBytes: outputBytes * share, latencyNs };
      }),
    },
  }));
}

function typeOutcomes(): ForkOutcome[] {
  const cell = { suite: 'types', payload: 'types', items: 1, variant: 'native', sink: 'string' } as const;
  const same = [
    { input: 'datetime', outcome: 'kept', output: '"2026-01-02T03:04:05.678Z"' },
    { input: 'emoji', outcome: 'kept', output: '"🙂"' },
  ] as const;
  return [
    {
      cell: { ...cell, contender: 'plain' },
      round: 0,
      status: 'ok',
      observations: [
        ...same,
        { input: 'NaN', outcome: 'converted', output: 'null' },
        { input: 'circular', outcome: 'rejected', output: 'TypeError: it goes in circles' },
      ],
    },
    {
      cell: { ...cell, contender: 'compiled' },
      round: 0,
      status: 'ok',
      observations: [
        ...same,
        { input: 'NaN', outcome: 'changed', output: '0' },
        { input: 'circular', outcome: 'crashed', output: 'no answer within 5 s' },
      ],
    },
  ];
}

const suites: readonly Registered<Suite>[] = [
  latencySuite({ id: 'speed', title: 'Speed', question: 'Which one is fastest?', order: 1, layout: 'by-size' }),
  latencySuite({
    id: 'dates',
    title: 'Dates',
    question: 'What does a date cost?',
    order: 2,
    layout: 'by-representation',
  }),
  {
    ...common({ id: 'types', title: 'Types', question: 'What survives?', order: 3 }),
    method: 'observation',
    inputs: [],
  },
  {
    ...common({ id: 'sizes', title: 'Sizes', question: 'How large is it?', order: 4 }),
    method: 'size',
    payloads: () => true,
    sizes: [100],
  },
];

function common({ id, title, question, order }: Omit<LatencyOutline, 'layout'>) {
  const tier = 'quick' as const;
  return { id, url: `test:${id}`, title, question, order, reference: 'plain', tier, contenders: () => true };
}

type LatencyOutline = Pick<Registered<LatencySuite>, 'id' | 'title' | 'question' | 'order' | 'layout'>;

function latencySuite(suite: LatencyOutline): Registered<Suite> {
  const { layout } = suite;
  return { ...common(suite), method: 'latency', layout, payloads: () => true, sinks: ['bytes'] };
}

const load = (): Promise<never> => Promise.reject(new Error('a report loads no contender'));

function registered(
  id: string,
  capabilities: readonly Capability[],
  kind: 'serialize' | 'layout' = 'serialize',
): Registered<Contender> {
  const url = `test:${id}`;
  return { id, url, kind, title: id, package: null, tier: 'quick', capabilities, equality: 'json', load };
}

const payload: Registered<Payload> = {
  id: 'list',
  url: 'test:list',
  title: 'a list | of things',
  where: 'nowhere',
  role: 'response',
  tier: 'quick',
  schema: {},
  sizes: items,
  variants: ['text', 'native'],
  list: '',
  generate: () => [],
};

/** What bench/ would hold for the synthetic run. */
export const metadata: Metadata = {
  contenders: [
    ...rows.map(({ id, capabilities }) => registered(id, capabilities ?? [])),
    registered('roomy', [], 'layout'),
  ],
  payloads: [payload],
  suites,
};

/** Every kind of cell once, as a run file has it. */
export function syntheticRun(): RunRecord {
  const outcomes = [...speedOutcomes(), ...dateOutcomes(), ...typeOutcomes(), ...sizeOutcomes()];
  const references = Object.fromEntries(suites.map(({ id, reference }) => [id, reference]));
  return {
    schemaVersion: 1,
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 252_000,
    seed: 7,
    profile: 'standard',
    environment: { ...imaginaryEnvironment, packages: { compiled: '1.2.3', packed: '4.5.6' }, commit: 'abcdef0' },
    cells: storeMicro(assembleOutcomes(outcomes, references)),
    warnings: ['the machine was busy when the run started'],
  };
}

/** The same run, stopped in its second round. */
export function interruptedRun(): RunRecord {
  const run = syntheticRun();
  const outcomes = speedOutcomes().filter(({ cell, round }) => {
    return cell.variant === 'text' && round < (cell.items === 10 ? 2 : 1);
  });
  const cells = storeMicro(assembleOutcomes(outcomes, { speed: 'plain' }));
  return { ...run, interrupted: true, warnings: [], cells };
}
