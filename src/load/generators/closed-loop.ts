/**
 * Closed loops: every connection sends its next request as soon as it has its answer.
 *
 * autocannon sends; what counts is counted here, because its own histogram holds whole milliseconds and it stops at
 * whole sample intervals only. It cannot cope with a server that closes connections (a request that was under way
 * stays in its queue and every later latency is too long), so that case is told, and `closedLoopOverOwnClient` is for
 * servers that close by design. Why its fixed rates are not used either: open-loop.ts.
 */
import autocannon from 'autocannon';

import { createShuffle } from '../../measure/schedule.ts';
import type { HttpRequest } from '../../model/http.ts';
import { kindOfError } from '../failure.ts';
import type { ServerAddress } from '../client/http-client.ts';
import { createClient, encodeRequest } from '../client/http-client.ts';
import type { LoadSettings } from '../profiles.ts';
import type { Recorder } from './recorder.ts';

interface LoopRequest {
  readonly address: ServerAddress;
  readonly requests: readonly HttpRequest[];
  readonly connections: number;
  readonly settings: LoadSettings;
  readonly recorder: Recorder;
}

/** How often autocannon looks whether it has been stopped, in milliseconds; every look costs it next to nothing. */
const sampleIntervalMs = 25;
/** Longer than any load: the recorder ends it. */
const endlessSeconds = 86_400;

/** Sends over autocannon until the recorder's window is over. */
export async function closedLoop({ address, requests, connections, settings, recorder }: LoopRequest): Promise<void> {
  const sequence = spreadByWeight(requests).map((request) => {
    const { headers, body } = encodeRequest(address, request);
    return { method: request.method, path: request.path, headers, ...(body === undefined ? {} : { body }) };
  });
  let started = 0;
  const done = Promise.withResolvers<autocannon.Result>();
  const options: autocannon.Options = {
    url: address.url,
    connections,
    duration: endlessSeconds,
    sampleInt: sampleIntervalMs,
    timeout: Math.max(1, Math.ceil(settings.requestTimeoutMs / 1000)),
    requests: sequence,
    // Connections begin at different places, so that they do not all ask for the same thing at the same time.
    setupClient(client) {
      const offset = Math.floor((started * sequence.length) / connections);
      client.setRequests([...sequence.slice(offset), ...sequence.slice(0, offset)]);
      started += 1;
    },
  };
  const running = autocannon(options, (error: unknown, outcome) => {
    if (error === null || error === undefined) done.resolve(outcome);
    else done.reject(error instanceof Error ? error : new Error('autocannon failed'));
  });
  let failed = 0;
  running.on('response', (_client, status, wireBytes, latencyMs) => {
    if (status >= 200 && status < 300) recorder.answered(latencyMs * 1e6, wireBytes);
    else recorder.failed(`HTTP ${status}`);
  });
  running.on('reqError', (error: unknown) => {
    failed += 1;
    recorder.failed(error instanceof Error && error.message === 'request timed out' ? 'timeout' : kindOfError(error));
  });
  void recorder.over.then(() => running.stop());
  const result = await done.promise;
  const answered = result['1xx'] + result['2xx'] + result['3xx'] + result['4xx'] + result['5xx'];
  // Each connection has one request under way at the end; any more were lost when the server closed a connection.
  const lost = result.requests.sent - answered - failed - connections;
  if (lost > 0) recorder.failed('connection closed', lost);
}

/** The same over node:http, for servers that close each connection; slower, so never mixed with the other in one session. */
export async function closedLoopOverOwnClient({
  address,
  requests,
  connections,
  settings,
  recorder,
}: LoopRequest): Promise<void> {
  const client = createClient(address, { connections, timeoutMs: settings.requestTimeoutMs });
  const sequence = spreadByWeight(requests);
  const loop = async (connection: number): Promise<void> => {
    for (let sent = Math.floor((connection * sequence.length) / connections); !recorder.isOver; sent += 1) {
      const startMs = performance.now();
      try {
        const { status, wireBytes } = await client.send(sequence[sent % sequence.length] as HttpRequest);
        if (status >= 200 && status < 300) recorder.answered((performance.now() - startMs) * 1e6, wireBytes);
        else recorder.failed(`HTTP ${status}`);
      } catch (error) {
        if (!recorder.isOver) recorder.failed(kindOfError(error));
      }
    }
  };
  const loops = Promise.all(Array.from({ length: connections }, (_, connection) => loop(connection)));
  await recorder.over;
  client.close();
  await loops;
}

/**
 * Each request as often as its weight says, in an order that is random and always the same.
 * @returns weights reduced by what they have in common, so one entry for a single request.
 */
export function spreadByWeight(requests: readonly HttpRequest[]): HttpRequest[] {
  const divisor = requests.map(({ weight }) => weight).reduce(greatestCommonDivisor, 0);
  const repeated = requests.flatMap((request) => Array.from({ length: request.weight / divisor }, () => request));
  return createShuffle(1, 0)(repeated);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
