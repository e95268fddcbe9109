/**
 * The code that is timed is the code that is checked: no payload, sink or method lets a contender pass with one
 * function and be timed with another, or be right only while it is looked at.
 *
 * Deliberately absent: figures.
 */
import { afterAll, describe, expect, test, vi } from 'vitest';

import type { Job } from '../../../src/measure/job.ts';
import { materializeCorpus } from '../../../src/measure/materialize.ts';
import { checkAgain, prepareCell } from '../../../src/measure/worker/prepare.ts';
import { profiles } from '../../../src/measure/profiles.ts';
import type { Registered } from '../../../src/model/bench-module.ts';
import type { Payload } from '../../../src/model/payload.ts';
import type { Sink } from '../../../src/model/values.ts';
import { loadRegistry } from '../../../src/registry/registry.ts';
import { measureOne } from '../measure-one.ts';

const { payloads } = await loadRegistry();
const corpus = materializeCorpus({ seed: 5, catalogs: 3 });
afterAll(() => corpus.remove());

const settings = { ...profiles.quick.sampler, warmupNs: 1e6, warmupCapNs: 2e6, blockNs: 1e5, timedNs: 0, peakNs: 0 };
const signal = new AbortController().signal;

function jobOf(cell: {
  file?: string;
  lie: string;
  payload: Registered<Payload>;
  sink: Sink;
  method?: Job['method'];
}): Job {
  const { file = 'liar', lie, payload, sink, method = 'latency' } = cell;
  const items = payload.fixedSizes === true ? (payload.sizes[0] as number) : 3;
  return {
    method,
    cell: { suite: 'serialize', contender: file, payload: payload.id, items, variant: 'text', sink },
    round: 0,
    contenderUrl: new URL(`../../fixtures/liars/${file}.ts?${lie}`, import.meta.url).href,
    settings,
    corpus: corpus.filesOf(payload, items),
  };
}

/** Prepared in this process, where imports lose their query. */
async function prepare(job: Job): ReturnType<typeof prepareCell> {
  vi.stubEnv('WIREBENCH_TEST_LIE', new URL(job.contenderUrl).search.slice(1));
  const prepared = await prepareCell(job);
  vi.unstubAllEnvs();
  return prepared;
}

const inText = payloads.filter((payload) => payload.variants.includes('text') && payload.unsupported?.() === undefined);
const cells = inText.flatMap((payload) =>
  (['string', 'bytes'] as const).map((sink) => ({ id: payload.id, sink, payload })),
);

describe.each(cells)('$id as $sink', ({ payload, sink }) => {
  // Text goes into a frame as text, so there the bytes are made by `stringify` too.
  const timed = sink === 'bytes' && payload.frame === undefined ? 'encode' : 'stringify';
  const other = timed === 'encode' ? 'stringify' : 'encode';

  test('is ok for an honest contender, whose outputs are whole', async () => {
    const prepared = await prepare(jobOf({ lie: '', payload, sink }));
    if ('status' in prepared) throw new Error(prepared.reason);
    const { prefix, suffix } = payload.frame ?? { prefix: '', suffix: '' };
    const outputs = prepared.inputs.map((input) => String(prepared.operate(input)));
    expect(outputs).toEqual(prepared.inputs.map((input) => prefix + JSON.stringify(input) + suffix));
    expect(checkAgain(prepared)).toBeUndefined();
  });

  test.each([timed, 'other-catalogs', 'odd-calls', 'even-calls', 'after-0', 'after-1', 'after-3'])(
    'is incorrect where the lie is %s',
    async (lie) => {
      expect(await prepare(jobOf({ lie, payload, sink }))).toMatchObject({ status: 'incorrect' });
    },
  );

  test('times the function that was checked where the other one lies', async () => {
    const prepared = await prepare(jobOf({ lie: other, payload, sink }));
    if ('status' in prepared) throw new Error(prepared.reason);
    const { prefix, suffix } = payload.frame ?? { prefix: '', suffix: '' };
    const [input] = prepared.inputs;
    expect(String(prepared.operate(input)) === prefix + JSON.stringify(input) + suffix).toBe(true);
  });

  test('is incorrect where a lie begins while the clock runs', async () => {
    const prepared = await prepare(jobOf({ lie: 'after-20', payload, sink }));
    if ('status' in prepared) throw new Error(prepared.reason);
    for (let index = 0; index < 20; index += 1) prepared.operate(prepared.inputs[index % prepared.inputs.length]);
    expect(checkAgain(prepared)).toMatch(/wrote .*after it was timed/);
  });
});

describe('in processes of their own', () => {
  const payload = payloads.find(({ id }) => id === 'sse-event') as Registered<Payload>;
  const options = { signal, timeLimitMs: 60_000, scratchDirectory: '' };

  test.each(['stringify', 'after-12'])('a process of an ensemble is incorrect where the lie is %s', async (lie) => {
    expect(await measureOne(jobOf({ lie, payload, sink: 'bytes' }), options)).toMatchObject({
      status: 'incorrect',
      reason: expect.stringMatching(/wrote/),
    });
  });

  test.each(['stringify', 'even-calls', 'after-6'])('a size is incorrect where the lie is %s', async (lie) => {
    expect(await measureOne(jobOf({ lie, payload, sink: 'bytes', method: 'size' }), options)).toMatchObject({
      status: 'incorrect',
      reason: expect.stringMatching(/wrote/),
    });
  });

  test('a parser that stops reading while the clock runs is incorrect', async () => {
    const job = jobOf({ file: 'reader', lie: '12', payload, sink: 'string' });
    expect(await measureOne(job, options)).toMatchObject({
      status: 'incorrect',
      reason: expect.stringMatching(/read nothing .*after it was timed/),
    });
  });
});
