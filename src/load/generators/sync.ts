/**
 * A gateway that takes over a list from another one: one request at a time, each answer parsed.
 */
import type { HttpRequest } from '../../model/http.ts';
import { createClient } from '../client/http-client.ts';
import { kindOfError } from '../failure.ts';
import type { ClosedLoopRequest } from './closed-loop-request.ts';

/** Lists and parses, as another gateway does; the latency ends when the value is there. */
export async function syncInTurn({ address, requests, settings, recorder }: ClosedLoopRequest): Promise<void> {
  const client = createClient(address, { connections: 1, timeoutMs: settings.requestTimeoutMs });
  try {
    for (let sent = 0; !recorder.isOver; sent += 1) {
      const startMs = performance.now();
      try {
        const { status, wireBytes, body } = await client.read(requests[sent % requests.length] as HttpRequest);
        if (status < 200 || status > 299) recorder.failed(`HTTP ${status}`);
        else {
          JSON.parse(body.toString());
          recorder.answered((performance.now() - startMs) * 1e6, wireBytes);
        }
      } catch (error) {
        recorder.failed(error instanceof SyntaxError ? 'no JSON' : kindOfError(error));
      }
    }
  } finally {
    client.close();
  }
}
