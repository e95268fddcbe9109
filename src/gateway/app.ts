/**
 * The gateway as a Fastify application: what all requests have in common, and the list of its endpoints.
 *
 * The command line (src/cli) opens the database, listens and stops.
 */
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import fastify from 'fastify';

import { defaultRequestTimeoutMs, withinDeadline } from './deadline.ts';
import { entityEndpoints } from './endpoints/entities.ts';
import { exportEndpoint } from './endpoints/export.ts';
import { mountEndpoint } from './endpoints/mount.ts';
import { openApiEndpoint } from './endpoints/openapi.ts';
import { statusEndpoints } from './endpoints/status.ts';
import { tagsEndpoint } from './endpoints/tags.ts';
import { entityKinds } from './entities/entity.ts';
import { eventsEndpoint } from './events/endpoint.ts';
import { installAuth } from './http/auth.ts';
import { acceptJsonOnly, createValidatorCompiler } from './http/bodies.ts';
import { shareOf } from './http/callers.ts';
import { answerAddressError, answerBrokenRequest, refuseExpectations } from './http/early-errors.ts';
import { type ReportFailure, installErrors } from './http/errors.ts';
import { installHostCheck } from './http/known-hosts.ts';
import { registerMcp } from './mcp/routes.ts';
import { createCheckingThread } from './mcp/tool-schemas/checking-thread.ts';
import { installResponseBudget } from './responses/budget.ts';
import { requireLevel } from './responses/compression.ts';
import { installSerializer } from './responses/serializers.ts';
import { installResponses } from './responses/whole-bodies.ts';
import type { GatewaySettings } from './settings.ts';
import type { Store } from './store/store.ts';

/** Time for a request to arrive as a whole; arbitrary, and long enough for any body over a slow line. */
const arrivalTimeoutMs = 60_000;

/**
 * Makes the application; it does not listen yet.
 * @param options.store stays open when the application closes.
 * @param options.logger off where absent; it gets failures with their stacks.
 * @param options.report gets every request that ends with a status of 500 or more; nobody does where absent.
 * @param options.warn gets a line for each entity that is left out of MCP's lists; nobody does where absent.
 * @throws {UserError} for a secret that is too short, a level that the encoder does not have, and what is no host.
 */
export async function createGateway(options: {
  store: Store;
  settings: GatewaySettings;
  logger?: FastifyServerOptions['logger'];
  report?: ReportFailure;
  warn?: (line: string) => void;
}): Promise<FastifyInstance> {
  const { store, settings, logger = false, report = () => {}, warn = () => {} } = options;
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
  await installSerializer(app, settings.responses);
  installHostCheck(app, settings);
  await installAuth(app, settings.auth);
  installDeadline(app, settings);
  installResponseBudget(app);
  installResponses(app, { store, settings: settings.responses });

  const thread = createCheckingThread();
  app.addHook('onClose', () => thread.close());
  const endpoints = [
    openApiEndpoint(app, { needsToken: settings.auth !== undefined }),
    ...statusEndpoints(store),
    ...entityKinds.flatMap((kind) => entityEndpoints({ kind, store, settings, thread })),
    tagsEndpoint(store),
    exportEndpoint(store),
    eventsEndpoint(app, store),
  ];
  for (const endpoint of endpoints) mountEndpoint(app, endpoint);
  const warnAndLog = (line: string): void => {
    app.log.warn(line);
    warn(line);
  };
  await registerMcp(app, { store, settings, report, thread, warn: warnAndLog });
  return app;
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
