/**
 * A closed loop over node:http, for servers that close their connections: slower than autocannon's, so never mixed with
 * it in one session.
 */
import type { HttpRequest } from '../../model/http.ts';
import { createClient } from '../client/http-client.ts';
import { kindOfError } from '../failure.ts';
import type { ClosedLoopRequest } from './closed-loop-request.ts';
import { spreadByWeight } from './request-order.ts';

/** Sends over each connection as soon as its answer is there, until the recorder's window is over. */
export async function closedLoop({ address, requests, load, settings, recorder }: ClosedLoopRequest): Promise<void> {
  const { connections } = load;
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
