/**
 * Many writers at once on a gateway whose requests may wait a second for the database.
 */
import { performance } from 'node:perf_hooks';

import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { onTestFinished } from 'vitest';

import { createGateway } from '../../src/gateway/app.ts';
import type { GatewaySettings } from '../../src/gateway/settings.ts';
import { openStore } from '../../src/gateway/store/open-store.ts';
import { plainSettings } from './start-gateway.ts';

/** Long enough for everything in these tests, and far below what waiting in turn would take. */
export const guardMs = 20_000;
export const writers = 40;
const requestTimeoutMs = 1_000;
const settings: GatewaySettings = { ...plainSettings, requestTimeoutMs };

export async function startOn(url: string): Promise<{ app: FastifyInstance; close: () => Promise<void> }> {
  const store = await openStore({ url, requestTimeoutMs });
  const app = await createGateway({ store, settings });
  const close = async (): Promise<void> => {
    await app.close();
    await store.close();
  };
  onTestFinished(close);
  return { app, close };
}

export const create = (app: FastifyInstance, name: string): Promise<LightMyRequestResponse> =>
  app.inject({ method: 'POST', url: '/tools', payload: { name } });

/** Many writers at once. @returns their statuses, and which answers came first. */
export async function writeMany(
  app: FastifyInstance,
): Promise<{ statuses: number[]; tookMs: number; retryAfter: unknown }> {
  const beginMs = performance.now();
  const answers = await Promise.all(Array.from({ length: writers }, (_, index) => create(app, `writer ${index}`)));
  return {
    statuses: answers.map(({ statusCode }) => statusCode),
    tookMs: performance.now() - beginMs,
    retryAfter: answers.at(-1)?.headers['retry-after'],
  };
}

/**
 * The same writers at once, each of which asks again while the gateway is busy, as its answers tell them to: on a slow machine
 * some of them are late. @returns what each of them was told in the end.
 */
export function writeUntilTaken(app: FastifyInstance): Promise<number[]> {
  const write = async (index: number): Promise<number> => {
    for (let attempt = 1; ; attempt += 1) {
      const { statusCode } = await create(app, `writer ${index}, attempt ${attempt}`);
      if (statusCode !== 503) return statusCode;
    }
  };
  return Promise.all(Array.from({ length: writers }, (_, index) => write(index)));
}

export const all = (status: number): number[] => Array.from({ length: writers }, () => status);
