/**
 * A choice with every standing, two runtimes and a mix, for tests of its reports; no figure in it was measured.
 */
import type { Candidate, Choice } from '../../../src/model/choice.ts';

const encoded = [
  { encoding: 'gzip' as const, level: 6, sizeBytes: 20_000, latencyNs: 2e6 },
  { encoding: 'br' as const, level: 4, sizeBytes: 18_000, latencyNs: 3e6 },
];

const reference: Candidate = {
  contender: 'plain',
  title: 'Plain',
  standing: 'slower',
  burdens: [],
  evidence: 'rounds',
  firstLookNs: 1.2e6,
  costNs: { median: 1e6, lo: 0.95e6, hi: 1.05e6, confidence: 0.95 },
  peakBlockNs: 2e6,
  allocatedBytesPerOp: 100_000,
  outputBytes: 120_000,
  encoded,
  rounds: 8,
  warnings: [],
};
const fast: Candidate = {
  ...reference,
  contender: 'fast',
  title: 'Fast',
  standing: 'recommended',
  burdens: ['dependency'],
  costNs: { median: 5e5, lo: 4.9e5, hi: 5.2e5, confidence: 0.95 },
  speedup: { reference: 'plain', ratio: 2, lo: 1.9, hi: 2.1, confidence: 0.95 },
};

export const choice: Choice = {
  choiceVersion: 1,
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 61_000,
  seed: 1,
  environment: {
    node: '26.0.0',
    v8: '14.0',
    os: 'Linux 6',
    arch: 'x64',
    cpuModel: 'Some CPU',
    cores: 2,
    memoryBytes: 8e9,
    packages: {},
  },
  command: 'wirebench choose --sample tools.json',
  workload: {
    requestsPerSec: 1200,
    parts: [
      {
        payload: 'sample/tools',
        title: 'tools.json',
        items: 100,
        variant: 'text',
        share: 0.8,
        schemaOrigin: 'inferred',
        notes: ['at /0/id: 12345678901234567890 becomes 12345678901234567000'],
        suggestedTypes: [{ pointer: '/*/createdAt', type: 'date' }],
      },
      {
        payload: 'rpc',
        title: 'POST /rpc',
        items: 1,
        variant: 'text',
        share: 0.2,
        schemaOrigin: 'own',
        notes: [],
        suggestedTypes: [],
      },
    ],
  },
  accepted: ['needs-schema'],
  margin: 0.05,
  leastSavingNs: 1000,
  cores: 2,
  bandwidthBitsPerSec: 1e9,
  runtimes: [
    {
      runtime: 'node 26.0.0',
      candidates: [
        fast,
        {
          ...fast,
          contender: 'faster',
          standing: 'tied',
          burdens: ['drops-unknown-fields', 'needs-schema', 'dependency'],
          compileNs: 3e6,
          breakEvenCalls: 6,
        },
        reference,
        {
          ...reference,
          contender: 'slow',
          standing: 'screened',
          evidence: 'first-look',
          firstLookNs: 4e6,
          costNs: { median: 4e6 },
          speedup: { reference: 'plain', ratio: 0.3 },
          rounds: 1,
        },
        {
          ...reference,
          contender: 'packed',
          standing: 'not-accepted',
          burdens: ['binary', 'dependency'],
          reason: 'binary',
          evidence: 'first-look',
          firstLookNs: 4e5,
          costNs: { median: 4e5 },
          speedup: { reference: 'plain', ratio: 3 },
          rounds: 1,
        },
        {
          contender: 'wrong',
          title: 'Wrong',
          standing: 'excluded',
          reason: 'incorrect: at /0/note: wrote "a" where "\u001b[31mb" was expected',
          burdens: ['dependency'],
          rounds: 0,
          warnings: [],
        },
      ],
      recommendation: {
        contender: 'fast',
        reference: 'plain',
        best: 'faster',
        because: 'simplest',
        tiedWith: ['faster'],
        regret: 0.04,
        overReference: { reference: 'plain', ratio: 2, lo: 1.9, hi: 2.1, confidence: 0.95 },
        bottlenecks: [
          {
            contender: 'fast',
            requestsPerSec: 1200,
            isRateGiven: true,
            cpuMsPerSec: 600,
            wires: [
              {
                encoding: 'none',
                wireBytes: 120_000,
                cpuNs: 5e5,
                serializerShare: 1,
                cpuLimit: 4000,
                networkLimit: 1041.7,
                limitedBy: 'network',
              },
            ],
          },
          {
            contender: 'plain',
            requestsPerSec: 1200,
            isRateGiven: true,
            cpuMsPerSec: 1200,
            wires: [
              {
                encoding: 'none',
                wireBytes: 120_000,
                cpuNs: 1e6,
                serializerShare: 1,
                cpuLimit: 2000,
                networkLimit: 1041.7,
                limitedBy: 'network',
              },
            ],
          },
        ],
      },
    },
    {
      runtime: 'node 22.1.0',
      candidates: [{ ...reference, standing: 'recommended' }],
      recommendation: {
        contender: 'plain',
        reference: 'plain',
        best: 'plain',
        because: 'only',
        tiedWith: [],
        bottlenecks: [],
      },
    },
    { runtime: 'bun@1', unavailable: 'no such package', candidates: [] },
  ],
  snippets: [{ framework: 'node-http', title: 'node:http', code: "import { createServer } from 'node:http';\n" }],
};
