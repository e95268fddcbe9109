/**
 * A subscriber that waits for its event: one writer, since the events of several would wait for each other's writes and
 * not for a serializer.
 */
import http from 'node:http';
import https from 'node:https';

import { isObject, parseObject } from '../../json.ts';
import type { JsonValue } from '../../model/values.ts';
import { type Client, createClient, type ServerAddress } from '../client/http-client.ts';
import { kindOfError, LoadFailure } from '../failure.ts';
import type { ClosedLoopRequest } from './closed-loop-request.ts';

/**
 * Writes a tool and waits for the event that says so, again and again.
 * @returns the data of the first event, for comparing what gateways send.
 * @throws {LoadFailure} where there is no tool to write, no event stream, or an event does not come.
 */
export async function writeAndAwaitEvents({ address, settings, recorder }: ClosedLoopRequest): Promise<JsonValue> {
  const client = createClient(address, { connections: 1, timeoutMs: settings.requestTimeoutMs });
  const stream = await subscribe(address, settings.requestTimeoutMs);
  let first: JsonValue | undefined;
  try {
    const id = await findToolId(client);
    for (let sent = 1; !recorder.isOver; sent += 1) {
      const description = `change ${sent}`;
      const startMs = performance.now();
      const arrival = stream.next(id, description, settings.requestTimeoutMs);
      try {
        const [{ status }, event] = await Promise.all([
          client.send({ method: 'PUT', path: `/tools/${id}`, body: { description } }),
          arrival,
        ]);
        if (status < 200 || status > 299) recorder.failed(`HTTP ${status}`);
        else recorder.answered((event.arrivedMs - startMs) * 1e6, event.wireBytes);
        first ??= event.data;
      } catch (error) {
        recorder.failed(error instanceof LoadFailure ? error.message : kindOfError(error));
      }
    }
  } finally {
    stream.close();
    client.close();
  }
  return first ?? null;
}

async function findToolId(client: Client): Promise<string> {
  const { status, body } = await client.read({
    method: 'GET',
    path: '/tools?include_pagination=true&limit=1',
  });
  if (status !== 200) throw new LoadFailure(`answered HTTP ${status} to GET /tools`);
  const { tools } = JSON.parse(body.toString()) as { tools?: { id?: unknown }[] };
  const id = tools?.[0]?.id;
  if (typeof id !== 'string') throw new LoadFailure('has no tool to write');
  return id;
}

interface ReceivedEvent {
  readonly data: JsonValue;
  readonly arrivedMs: number;
  /** Of the whole stream since the event before it, heartbeats included. */
  readonly wireBytes: number;
}

interface EventStream {
  /** @throws {LoadFailure} where it does not come in time or the stream ends. */
  next(id: string, description: string, timeoutMs: number): Promise<ReceivedEvent>;
  close(): void;
}

async function subscribe(address: ServerAddress, timeoutMs: number): Promise<EventStream> {
  const response = await openStream(address, timeoutMs);
  let waiting:
    | { id: string; description: string; resolve: (event: ReceivedEvent) => void; reject: (error: Error) => void }
    | undefined;
  let pending = '';
  let bytesBefore = response.socket.bytesRead;
  const receive = (frame: string): void => {
    const text = frame
      .split('\n')
      .flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trimStart()] : []))
      .join('\n');
    const event = parseObject(text);
    const written = event?.['data'];
    if (event === undefined || waiting === undefined || !isObject(written)) return;
    if (written['id'] !== waiting.id || written['description'] !== waiting.description) return;
    const { bytesRead } = response.socket;
    waiting.resolve({
      data: event as JsonValue,
      arrivedMs: performance.now(),
      wireBytes: bytesRead - bytesBefore,
    });
    bytesBefore = bytesRead;
    waiting = undefined;
  };
  response.setEncoding('utf8').on('data', (text: string) => {
    const frames = (pending + text.replaceAll('\r', '')).split('\n\n');
    pending = frames.pop() ?? '';
    frames.forEach(receive);
  });
  const fail = (): void => waiting?.reject(new LoadFailure('event stream ended'));
  response.on('close', fail).on('error', fail);
  return {
    next(id, description, limitMs) {
      const { promise, resolve, reject } = Promise.withResolvers<ReceivedEvent>();
      waiting = { id, description, resolve, reject };
      const timer = setTimeout(() => reject(new LoadFailure('no event')), limitMs);
      // Whoever sends the write may fail first and never look at this promise.
      promise.catch(() => {}).finally(() => clearTimeout(timer));
      return promise;
    },
    close: () => response.destroy(),
  };
}

function openStream(address: ServerAddress, timeoutMs: number): Promise<http.IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const send = address.url.startsWith('https:') ? https.request : http.request;
  const outgoing = send(
    `${address.url}/events`,
    { agent: false, headers: { ...address.headers, accept: 'text/event-stream' } },
    (response) => {
      clearTimeout(timer);
      if (response.statusCode === 200) return resolve(response);
      response.destroy();
      reject(new LoadFailure(`answered HTTP ${response.statusCode} to GET /events`));
    },
  );
  const timer = setTimeout(() => outgoing.destroy(new LoadFailure('did not open its event stream in time')), timeoutMs);
  outgoing.on('error', (error) => {
    clearTimeout(timer);
    reject(error);
  });
  outgoing.end();
  return promise;
}
