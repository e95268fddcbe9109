/**
 * Clients that do one thing after another: a gateway that takes over a list, and a subscriber that waits for its event.
 *
 * Both are closed loops of one request at a time. There is one writer: the events of several would wait for each
 * other's writes and not for a serializer.
 */
import http from 'node:http';
import https from 'node:https';

import type { JsonValue } from '../../model/values.ts';
import type { HttpRequest } from '../../model/http.ts';
import { kindOfError, LoadFailure } from '../failure.ts';
import type { Client, ServerAddress } from '../client/http-client.ts';
import { createClient } from '../client/http-client.ts';
import type { LoadSettings } from '../profiles.ts';
import type { Recorder } from './recorder.ts';

export interface SequenceRequest {
  readonly address: ServerAddress;
  readonly requests: readonly HttpRequest[];
  readonly settings: LoadSettings;
  readonly recorder: Recorder;
}

/** Lists and parses, as another gateway does; the latency ends when the value is there. */
export async function syncInTurn({ address, requests, settings, recorder }: SequenceRequest): Promise<void> {
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

/**
 * Writes a tool and waits for the event that says so, again and again.
 * @returns the data of the first event, for comparing what gateways send.
 * @throws {LoadFailure} where there is no tool to write, no event stream, or an event does not come.
 */
export async function writeAndAwaitEvents({
  address,
  settings,
  recorder,
}: Omit<SequenceRequest, 'requests'>): Promise<JsonValue> {
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
          client.send({ method: 'PUT', path: `/tools/${id}`, body: { description }, weight: 1 }),
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
    weight: 1,
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
    const data = parseEvent(text);
    if (data === undefined || waiting === undefined) return;
    if (data.data?.['id'] !== waiting.id || data.data['description'] !== waiting.description) return;
    const { bytesRead } = response.socket;
    waiting.resolve({
      data: data as unknown as JsonValue,
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

function parseEvent(text: string): { data?: { [key: string]: unknown } } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
