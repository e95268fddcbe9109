/**
 * A closed loop over autocannon: every connection sends its next request as soon as it has its answer.
 *
 * autocannon sends; what counts is counted here, because its own histogram holds whole milliseconds and it stops at
 * whole sample intervals only. It cannot cope with a server that closes connections (a request that was under way
 * stays in its queue and every later latency is too long), so that case is told; closed-loop.ts is for such servers.
 */
import autocannon from 'autocannon';

import { encodeRequest } from '../client/http-client.ts';
import { kindOfError } from '../failure.ts';
import type { ClosedLoopRequest } from './closed-loop-request.ts';
import { spreadByWeight } from './request-order.ts';

/** How often autocannon looks whether it has been stopped, in milliseconds; every look costs it next to nothing. */
const sampleIntervalMs = 25;
/** Longer than any load: the recorder ends it. */
const endlessSeconds = 86_400;

/** Sends over autocannon until the recorder's window is over. */
export async function autocannonLoop(request: ClosedLoopRequest): Promise<void> {
  const { address, requests, settings, recorder } = request;
  const { connections } = request.load;
  const sequence = spreadByWeight(requests).map((sent) => {
    const { headers, body } = encodeRequest(address, sent);
    return { method: sent.method, path: sent.path, headers, ...(body === undefined ? {} : { body }) };
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
