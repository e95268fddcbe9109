/**
 * What a scripted load sends, where to and how much of it: all that is decided before its first request.
 *
 * Headers and addresses in here may hold secrets; what people get to see of them comes from secrets.ts.
 */
import type { ExpectedAnswer } from './judge.ts';

/** What `-X` takes. */
export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export type Method = (typeof methods)[number];

export interface Header {
  readonly name: string;
  readonly value: string;
}

/** The request that is sent again and again. */
interface RepeatedRequest {
  /** Without credentials and fragment. */
  readonly url: URL;
  readonly method: Method;
  /** In the order in which they are sent; Host only where the user gave one, nothing of what the connection needs. */
  readonly headers: readonly Header[];
  readonly body: Buffer | undefined;
}

/** Where connections go: looked up once, so that no lookup is part of a latency. */
export interface Endpoint {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
}

/** How much is sent to each side: so many requests, or as many as there is time for. */
export type Volume =
  | { readonly kind: 'requests'; readonly requests: number }
  | { readonly kind: 'time'; readonly ms: number };

/** How the requests are sent. */
export interface LoadShape {
  /** Of each side; each has one request under way at a time. */
  readonly connections: number;
  readonly volume: Volume;
  /** Of one request, from its beginning to the end of its answer; 0 is none. */
  readonly timeoutMs: number;
  /** Requests a second of each connection at most; no limit where it is absent. */
  readonly mostPerSec?: number;
  /** False opens a connection for each request. */
  readonly keepsAlive: boolean;
}

/** A server that gets the load: the one that was asked for, or what is behind it. */
export interface Side {
  readonly name: 'asked' | 'direct';
  readonly request: RepeatedRequest;
  readonly endpoint: Endpoint;
  readonly expected: ExpectedAnswer;
}

/** A whole load: one side, or two that are asked alternately. */
export interface HeyPlan extends LoadShape {
  readonly sides: readonly Side[];
  /** Of each side, >= 1; the volume is divided among them. */
  readonly windows: number;
}

/** Windows of each side where two are compared: an interval takes three, and drift cancels in an even number. */
const mostWindows = 4;

/** How many windows each side has. */
export function windowsOf({ sides, volume }: { sides: number; volume: Volume }): number {
  if (sides === 1) return 1;
  return volume.kind === 'time' ? mostWindows : Math.min(mostWindows, volume.requests);
}

/** The volume of one of the windows; those of all windows together are the whole, to the request. */
export function volumeOfWindow({ volume, windows }: Pick<HeyPlan, 'volume' | 'windows'>, window: number): Volume {
  if (volume.kind === 'time') return { kind: 'time', ms: volume.ms / windows };
  const until = (count: number): number => Math.floor((volume.requests * count) / windows);
  return { kind: 'requests', requests: until(window + 1) - until(window) };
}

/** The volume of all windows of all sides, the rehearsal of two sides included. */
export function wholeVolume({ sides, volume, windows }: Pick<HeyPlan, 'sides' | 'volume' | 'windows'>): Volume {
  // A rehearsal is as long as a window.
  const shares = sides.length * (sides.length > 1 ? 1 + 1 / windows : 1);
  if (volume.kind === 'time') return { kind: 'time', ms: volume.ms * shares };
  return { kind: 'requests', requests: Math.ceil(volume.requests * shares) };
}
