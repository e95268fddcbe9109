import { Packr, Unpackr } from 'msgpackr';
import { describe, expect, it } from 'vitest';

import { LocustStats, roundAsLocustDoes } from '../../src/users/locust/locust-stats.ts';
import { writeLocustfile } from '../../src/users/locust/locustfile.ts';
import { decodeMessage, encodeMessage, makeNodeId, readSpawnOrder } from '../../src/users/locust/protocol.ts';
import { isWorkerReport } from '../../src/users/locust/report-channel.ts';

describe("a message of Locust's protocol", () => {
  it('is an array of three, with numbers as keys where they were numbers', () => {
    const bytes = encodeMessage({ type: 'stats', data: { times: new Map([[12, 3]]), none: null }, node: 'host_1' });
    const plain = new Unpackr({ useRecords: false, mapsAsObjects: false }).unpack(bytes) as [
      string,
      Map<string, Map<number, number>>,
      string,
    ];
    expect(plain[0]).toBe('stats');
    expect(plain[2]).toBe('host_1');
    expect([...(plain[1].get('times') ?? [])]).toEqual([[12, 3]]);
  });

  it.each<[string, Buffer]>([
    ['no msgpack', Buffer.from([0xc1])],
    ['cut off', encodeMessage({ type: 'spawn', data: { a: 1 }, node: '' }).subarray(0, 5)],
    ['of another form', new Packr().pack({ type: 'spawn' })],
    ['empty', Buffer.alloc(0)],
  ])('that is %s is none', (_what, bytes) => expect(decodeMessage(bytes)).toBeUndefined());

  it('that orders users has their counts, and the host where there is one', () => {
    const data = {
      timestamp: 1.5,
      user_classes_count: { A: 3, B: 'x' },
      host: '',
      stop_timeout: null,
      parsed_options: {},
    };
    expect(readSpawnOrder(data)).toEqual({ timestamp: 1.5, counts: { A: 3 }, host: undefined });
    expect(readSpawnOrder({ ...data, host: 'http://h' })?.host).toBe('http://h');
    expect(readSpawnOrder({ user_classes_count: {} })).toBeUndefined();
    expect(readSpawnOrder(null)).toBeUndefined();
  });

  it('has an id that no other worker has', () => expect(makeNodeId()).not.toBe(makeNodeId()));
});

describe('statistics for Locust', () => {
  it('are what has come since the last time, requests and failures by name', () => {
    const stats = new LocustStats();
    const request = { name: 'GET /a', method: 'GET', bytes: 10 };
    stats.log({ ...request, latencyMs: 12.4, failure: undefined });
    stats.log({ ...request, latencyMs: 250, failure: 'HTTP 500' });
    stats.log({ ...request, method: 'POST', latencyMs: 1, failure: undefined });
    const { stats: entries, stats_total: total, errors } = stats.take();
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({
      name: 'GET /a',
      method: 'GET',
      num_requests: 2,
      num_failures: 1,
      total_content_length: 20,
      max_response_time: 250,
      min_response_time: 12.4,
    });
    expect((entries[0] as { response_times: Map<number, number> }).response_times).toEqual(
      new Map([
        [12, 1],
        [250, 1],
      ]),
    );
    expect(total).toMatchObject({ num_requests: 3, num_failures: 1 });
    expect(Object.values(errors)).toEqual([{ method: 'GET', name: 'GET /a', error: 'HTTP 500', occurrences: 1 }]);
    expect(stats.take()).toMatchObject({ stats: [], stats_total: { num_requests: 0 }, errors: {} });
  });

  it('round times to two digits from 100 ms on', () => {
    expect([0.4, 99.6, 147, 3432, 58_760].map(roundAsLocustDoes)).toEqual([0, 100, 150, 3400, 59_000]);
  });
});

describe('what a worker reports', () => {
  it.each<[unknown, boolean]>([
    [{ type: 'prepared', unavailable: [] }, true],
    [{ type: 'finished', unanswered: 0 }, true],
    [{ type: 'failed', reason: 'x' }, true],
    [{ type: 'finished', unanswered: -1 }, false],
    [{ type: 'slice', slice: {} }, false],
    [{ type: 'other' }, false],
    [null, false],
  ])('%j is believed: %s', (data, expected) => expect(isWorkerReport(data)).toBe(expected));
});

describe('the file of the master', () => {
  it('has classes with names and weights and nothing else', () => {
    expect(
      writeLocustfile([
        { name: 'A', weight: 5, title: 'x' },
        { name: 'B', weight: 1, title: 'y' },
      ]),
    ).toMatchInlineSnapshot(`
      "# Made by wirebench: its workers know what these users do.
      from locust import User, task


      class A(User):
          """x"""
          weight = 5

          @task
          def done_by_workers(self):
              pass


      class B(User):
          """y"""
          weight = 1

          @task
          def done_by_workers(self):
              pass
      "
    `);
  });
});
