/**
 * The gateway as a Fastify application: what all requests have in common, and the list of its endpoints.
 *
 * The command line (src/cli) opens the database, listens and stops.
 */
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import fastify from 'fastify';

import { adminEndpoints, RecentFailures } from './admin/endpoints.ts';
import { defaultRequestTimeoutMs, withinDeadline } from './deadline.ts';
import { type EntityWrites, entityEndpoints } from './endpoints/entities.ts';
import { exportEndpoint } from './endpoints/export.ts';
import { mountEndpoint } from './endpoints/mount.ts';
import { openApiEndpoint } from './endpoints/openapi.ts';
import { serverPartEndpoints } from './endpoints/server-parts.ts';
import { stateEndpoints } from './endpoints/entity-state.ts';
import { wellKnownEndpoints } from './endpoints/well-known.ts';
import { installMetrics } from './http/metrics.ts';
import { statusEndpoints } from './endpoints/status.ts';
import { tagsEndpoint } from './endpoints/tags.ts';
import { upstreamEndpoints, upstreamWrites } from './endpoints/upstreams.ts';
import { type EntityKind, entityKinds } from './entities/entity.ts';
import { eventsEndpoint } from './events/endpoint.ts';
import { installAuth } from './http/auth.ts';
import { acceptJsonOnly, createValidatorCompiler } from './http/bodies.ts';
import { shareOf } from './http/callers.ts';
import { answerAddressError, answerBrokenRequest, refuseExpectations } from './http/early-errors.ts';
import { type ReportFailure, installErrors } from './http/errors.ts';
import { installHostCheck } from './http/known-hosts.ts';
import { registerMcp } from './mcp/routes.ts';
import { createCheckingThread } from './mcp/tool-schemas/checking-thread.ts';
import { installTurns } from './http/turns.ts';
import { installResponseBudget } from './responses/budget.ts';
import { requireLevel } from './responses/compression.ts';
import { installSerializer } from './responses/serializers.ts';
import { installResponses } from './responses/whole-bodies.ts';
import type { GatewaySettings } from './settings.ts';
import type { Store } from './store/store.ts';
import { type Upstreams, type UpstreamSettings, openUpstreams } from './upstreams/upstreams.ts';

/** Time for a request to arrive as a whole; arbitrary, and long enough for any body over a slow line. */
const arrivalTimeoutMs = 60_000;

/**
 * Makes the application; it does not listen yet.
 * @param options.store stays open when the application closes.
 * @param options.upstreams how servers behind the gateway are connected to; it connects to none where absent.
 * @param options.logger off where absent; it gets failures with their stacks.
 * @param options.report gets every request that ends with a status of 500 or more; nobody does where absent.
 * @param options.warn gets a line for each entity that is left out of MCP's lists; nobody does where absent.
 * @throws {UserError} for a secret that is too short, a level that the encoder does not have, and what is no host.
 */
export async function createGateway(options: {
  store: Store;
  settings: GatewaySettings;
  upstreams?: UpstreamSettings | undefined;
  logger?: FastifyServerOptions['logger'];
  report?: ReportFailure;
  warn?: (line: string) => void;
}): Promise<FastifyInstance> {
  const { store, settings, logger = false, warn = () => {} } = options;
  const failures = new RecentFailures();
  const report: ReportFailure = (failure) => {
    failures.note(failure);
    options.report?.(failure);
  };
  requireLevel(settings.responses);
  const app = fastify({
    logger,
    bodyLimit: settings.bodyLimitBytes,
    requestTimeout: arrivalTimeoutMs,
    frameworkErrors: answerAddressError,
    clientErrorHandler: answerBrokenRequest,
    // The check of hosts refuses the same requests, with the usual body of an error.
    http: { requireHostHeader: false },
  });
  refuseExpectations(app.server);
  acceptJsonOnly(app);
  app.setValidatorCompiler(createValidatorCompiler());
  installErrors(app, report);
  installTurns(app);
  await installSerializer(app, settings.responses);
  installHostCheck(app, settings);
  await installAuth(app, settings.auth);
  const metrics = installMetrics(app);
  installDeadline(app, settings);
  installResponseBudget(app);
  installResponses(app, { store, settings: settings.responses });

  const thread = createCheckingThread();
  app.addHook('onClose', () => thread.close());
  const warnAndLog = (line: string): void => {
    app.log.warn(line);
    warn(line);
  };
  const upstreams =
    options.upstreams === undefined
      ? undefined
      : await openUpstreams({ store, settings: options.upstreams, warn: warnAndLog, metrics });
  app.addHook('onClose', () => upstreams?.close());
  const endpoints = [
    openApiEndpoint(app, { needsToken: settings.auth !== undefined }),
    ...statusEndpoints(store),
    ...entityKinds.flatMap((kind) =>
      entityEndpoints({ kind, store, settings, thread, writes: writesOf(kind, upstreams) }),
    ),
    ...(upstreams === undefined ? [] : upstreamEndpoints(upstreams)),
    ...stateEndpoints(store),
    ...serverPartEndpoints(store),
    ...wellKnownEndpoints(settings),
    metrics.endpoint,
    ...adminEndpoints(store, failures),
    tagsEndpoint(store),
    exportEndpoint(store),
    eventsEndpoint(app, store),
  ];
  for (const endpoint of endpoints) mountEndpoint(app, endpoint);
  await registerMcp(app, { store, settings, report, thread, upstreams, warn: warnAndLog });
  return app;
}

/** Gateways are servers behind this one where it may connect to any. */
function writesOf(kind: EntityKind, upstreams: Upstreams | undefined): EntityWrites | undefined {
  return kind === 'gateways' && upstreams !== undefined ? upstreamWrites(upstreams) : undefined;
}

/** The deadline begins when the whole request has arrived; how long that takes is limited by `arrivalTimeoutMs`. */
function installDeadline(
  app: FastifyInstance,
  { requestTimeoutMs: limitMs = defaultRequestTimeoutMs }: GatewaySettings,
): void {
  app.addHook('preHandler', (request, _reply, done) =>
    withinDeadline({ limitMs, share: () => shareOf(request) }, done),
  );
}
