/**
 * GET /events: every change as a server-sent event, from the moment of the request on.
 *
 * An event's text is made once for all readers, by the gateway's serializer. A reader who is too slow is let go, since
 * what waits for it is memory. Who comes back with `Last-Event-ID` gets what came after it, or the event `missed` where
 * that is not kept any more. A stream ends with the token that opened it, and each caller has a share of all streams.
 * Changes that other processes make to the same database are not among the events.
 * Source: HTML standard, section 9.2 (server-sent events).
 */
import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';

import type { FastifyInstance, FastifyReply } from 'fastify';

import { atDate } from '../at-date.ts';
import { describePayload } from '../entities/schemas.ts';
import { shareOf } from '../http/callers.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { Problem } from '../http/errors.ts';
import type { Schema } from '../json.ts';
import { toWritableSchema } from '../responses/writable-schema.ts';
import type { EntityChange, Store } from '../store/store.ts';
import { withMark, KeptEvents } from './kept-events.ts';

/** Below the shortest idle time after which proxies commonly close a connection, a minute. */
const heartbeatMs = 15_000;
/** Arbitrary: bytes that may wait for one reader before it is let go. */
const mostWaitingBytes = 1024 * 1024;
/** Arbitrary: more streams than this are refused, since each holds a socket for as long as its reader likes. */
const mostStreams = 1000;
/** Arbitrary: streams of one caller, so that it takes twenty callers to leave nothing for others. */
const mostStreamsOfCaller = 50;

/**
 * Tells a reader that events are gone for good, so that it lists again what it knows. An event of its own name: a page
 * that listens for messages only does not take it for a change.
 */
const missedEvent = 'event: missed\ndata: {"type":"events_missed"}\n';

interface EventReader {
  readonly stream: PassThrough;
  readonly response: ServerResponse;
  readonly share: string;
  /** Of this reader's ids. */
  readonly mark: string;
}

/** The endpoint; streams end when their reader goes, when their token does, and when the gateway closes. */
export function eventsEndpoint(app: FastifyInstance, store: Store): Endpoint {
  const readers = new Set<EventReader>();
  const schema = toWritableSchema(describeEvent());
  const kept = new KeptEvents();
  let write: ((event: object) => string) | undefined;

  const send = (textFor: (reader: EventReader) => string): void => {
    for (const reader of readers) {
      const { stream } = reader;
      if (stream.writableLength + stream.readableLength > mostWaitingBytes) stream.destroy();
      else stream.write(textFor(reader));
    }
  };
  const end = (reader: EventReader): void => {
    readers.delete(reader);
    // A client that reads nothing would not notice the end either, and would hold up the gateway's own.
    if (reader.response.writableNeedDrain) reader.response.destroy();
    else reader.stream.end();
  };
  const stopListening = store.onChange((change) => {
    // Before the first reader nobody has an id to come back with.
    if (write === undefined) return;
    const text = kept.add(write(toEvent(change, new Date())));
    send(({ mark }) => withMark(text, mark));
  });
  const heartbeat = setInterval(() => send(() => ': heartbeat\n\n'), heartbeatMs).unref();
  app.addHook('preClose', async () => {
    clearInterval(heartbeat);
    stopListening();
    for (const reader of readers) end(reader);
  });

  function refuseBeyondShare(share: string): void {
    if (readers.size >= mostStreams)
      throw new Problem(503, 'too many clients read events already', { 'retry-after': '30' });
    let taken = 0;
    for (const reader of readers) if (reader.share === share) taken += 1;
    if (taken < mostStreamsOfCaller) return;
    throw new Problem(429, `this caller reads ${taken} streams of events already; end one of them first`, {
      'retry-after': '30',
    });
  }

  return {
    method: 'GET',
    url: '/events',
    summary:
      'Changes as server-sent events; Last-Event-ID gives those since, or the event "missed" where they are not kept any more',
    responses: { 200: null },
    stream: 'text/event-stream',
    handle(request, reply: FastifyReply) {
      const share = shareOf(request);
      refuseBeyondShare(share);
      reply.type('text/event-stream').header('cache-control', 'no-store').header('x-accel-buffering', 'no');
      if (request.method === 'HEAD') return reply.send();
      // Only a reply can compile a schema in the way that the gateway's serializer has it.
      write ??= reply.compileSerializationSchema(schema) as (event: object) => string;
      const { identity, endsAt } = request.caller;
      const reader: EventReader = {
        stream: new PassThrough(),
        response: reply.raw,
        share,
        mark: kept.markOf(identity ?? ''),
      };
      const { stream } = reader;
      readers.add(reader);
      const cancel = atDate(endsAt, () => end(reader));
      stream.on('close', () => {
        cancel();
        readers.delete(reader);
      });
      // First of all, so that the head of the response leaves now, and an id is known before the first change.
      stream.write(writeFirst({ kept, mark: reader.mark, lastId: request.headers['last-event-id'] }));
      return reply.send(stream);
    },
  };
}

/** What a new reader gets at once; @param lastId as the reader sent it. */
function writeFirst({
  kept,
  mark,
  lastId,
}: {
  kept: KeptEvents;
  mark: string;
  lastId: string | readonly string[] | undefined;
}): string {
  const first = `: connected\nid: ${kept.lastId(mark)}\n`;
  if (typeof lastId !== 'string' || lastId === '') return `${first}\n`;
  const replayed = kept.since(lastId, mark);
  // An id without data would make the reader skip the replayed events if the connection broke right after it.
  return replayed === undefined ? `${first}${missedEvent}\n` : `: connected\n\n${replayed.join('')}`;
}

/** The payload's schema, but for what is not known of an entity that is gone. */
function describeEvent(): Schema {
  const schema = describePayload('sse-event');
  const properties = schema['properties'] as Readonly<Record<string, Schema>>;
  const data = properties['data'] as Schema;
  const fields = data['properties'] as Readonly<Record<string, Schema>>;
  const nullable = { ...fields, name: { type: ['string', 'null'] }, enabled: { type: ['boolean', 'null'] } };
  return { ...schema, title: 'Event', properties: { ...properties, data: { ...data, properties: nullable } } };
}

function toEvent({ kind, id, action, entity }: EntityChange, timestamp: Date): object {
  return {
    type: `${kind.slice(0, -1)}_${action}`,
    data: {
      id: entity?.id ?? id,
      name: entity?.['name'] ?? null,
      // Where a resource lies is its URI; servers and prompts lie nowhere else.
      url: entity?.['url'] ?? entity?.['uri'] ?? null,
      description: entity?.['description'] ?? null,
      enabled: entity?.['enabled'] ?? null,
    },
    timestamp,
  };
}
