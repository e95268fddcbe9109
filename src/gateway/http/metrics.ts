/**
 * GET /metrics: what the gateway does, as Prometheus reads it.
 *
 * Requests are counted by route, method and status, never by what a client wrote into the address.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { Endpoint } from './endpoint.ts';

/** Seconds; from a health check to the largest list over a slow line. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What other rooms of the gateway count. */
export interface GatewayMetrics {
  readonly endpoint: Endpoint;
  /** Counts a call of a server behind the gateway. @param outcome e.g. `answered`. */
  countUpstreamCall(this: void, outcome: 'answered' | 'error' | 'failed'): void;
  /** Called when metrics are read. */
  countUpstreams(this: void, count: () => { reachable: number; unreachable: number }): void;
}

/** Counts every request of the application from now on. */
export function installMetrics(app: FastifyInstance): GatewayMetrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const requests = new Histogram({
    name: 'gateway_request_duration_seconds',
    help: 'Time from a request to the end of its response',
    labelNames: ['method', 'route', 'status'] as const,
    buckets,
    registers: [register],
  });
  const calls = new Counter({
    name: 'gateway_upstream_calls_total',
    help: 'Requests that were passed on to servers behind the gateway',
    labelNames: ['outcome'] as const,
    registers: [register],
  });
  let countUpstreams: (() => { reachable: number; unreachable: number }) | undefined;
  const upstreams = new Gauge({
    name: 'gateway_upstreams',
    help: 'Servers behind the gateway',
    labelNames: ['state'] as const,
    registers: [register],
    collect() {
      const { reachable, unreachable } = countUpstreams?.() ?? { reachable: 0, unreachable: 0 };
      this.set({ state: 'reachable' }, reachable);
      this.set({ state: 'unreachable' }, unreachable);
    },
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    // A route that nobody has is one for all of them.
    const route = routeOptions.url ?? 'none';
    requests.observe({ method, route, status: `${reply.statusCode}` }, reply.elapsedTime / 1000);
    done();
  });
  app.addHook('onClose', () => {
    register.clear();
    upstreams.reset();
  });
  return {
    countUpstreamCall: (outcome) => calls.inc({ outcome }),
    countUpstreams(count) {
      countUpstreams = count;
    },
    endpoint: {
      method: 'GET',
      url: '/metrics',
      summary: 'What the gateway does, for Prometheus',
      text: register.contentType,
      responses: { 200: { type: 'string' } },
      handle: async (_request, reply: FastifyReply) => reply.type(register.contentType).send(await register.metrics()),
    },
  };
}
