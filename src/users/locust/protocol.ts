/**
 * Locust's messages between a master and a worker that is no Python process: msgpack of `[type, data, node_id]` over
 * ZeroMQ, a DEALER whose identity is the node's id.
 *
 * Source: Locust 2.12.1, "Running Locust distributed" with workers in other languages. What travels beside that, in the
 * same form over a socket of our own: report-channel.ts.
 */
import { randomUUID } from 'node:crypto';
import os from 'node:os';

import { Packr, Unpackr } from 'msgpackr';

import { isObject } from '../../json.ts';
import type { UserCounts } from '../../model/users.ts';

/** `-1` tells a master that the worker is not of its version and knows the protocol. */
export const foreignVersion = -1;

/** States of a worker, as its heartbeats tell them. */
export type WorkerState = 'ready' | 'spawning' | 'running' | 'stopped';

export interface Message {
  readonly type: string;
  readonly data: unknown;
  readonly node: string;
}

/** What a master asks a worker for. */
export interface SpawnOrder {
  /** Orders that are not newer than an earlier one are to be ignored. */
  readonly timestamp: number;
  readonly counts: UserCounts;
  /** Address of the server; `undefined` where nobody gave one. */
  readonly host: string | undefined;
}

// Keys stay what they are: Locust looks times up by number. Records are an extension that Python does not know.
const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

export function encodeMessage({ type, data, node }: Message): Buffer {
  return packr.pack([type, data, node]);
}

/** @returns `undefined` for anything that is no message. */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  try {
    const value: unknown = unpackr.unpack(bytes);
    if (!Array.isArray(value) || value.length !== 3) return undefined;
    const [type, data, node] = value as unknown[];
    return typeof type === 'string' ? { type, data, node: typeof node === 'string' ? node : '' } : undefined;
  } catch {
    return undefined;
  }
}

/** Which of its workers the master says that this one is, from 0; 0 for one that does not say. */
export function readIndex(data: unknown): number {
  const index = isObject(data) ? data['index'] : undefined;
  return Number.isInteger(index) ? (index as number) : 0;
}

/** @returns `undefined` for data that is no order. */
export function readSpawnOrder(data: unknown): SpawnOrder | undefined {
  if (!isObject(data) || typeof data['timestamp'] !== 'number') return undefined;
  const { user_classes_count: counts, host } = data;
  if (!isObject(counts)) return undefined;
  const entries = Object.entries(counts).filter((entry): entry is [string, number] => Number.isInteger(entry[1]));
  return {
    timestamp: data['timestamp'],
    counts: Object.fromEntries(entries),
    host: typeof host === 'string' && host !== '' ? host : undefined,
  };
}

/** A new id for a worker: the host, and what no other worker has. */
export function makeNodeId(): string {
  return `${os.hostname()}_${randomUUID().replaceAll('-', '')}`;
}
