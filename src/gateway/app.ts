/**
 * The gateway as a Fastify application: what is common to all requests, and the list of its endpoints.
 *
 * Deliberately absent: the command line, the port and signals (src/cli), and opening the database, which the caller
 * hands over and closes.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import fastify from 'fastify';

import { UserError } from '../user-error.ts';
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
import { shareOf } from './http/callers.ts';
import { answerAddressError, answerBrokenRequest, refuseExpectations } from './http/early-errors.ts';
import type { ReportFailure } from './http/errors.ts';
import { installErrors } from './http/errors.ts';
import { installSiteCheck } from './http/known-hosts.ts';
import { registerMcp } from './mcp/routes.ts';
import { createCheckingThread } from './mcp/tool-schemas/checking-thread.ts';
import { installResponseBudget } from './responses/budget.ts';
import { levelsOf } from './responses/compression.ts';
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
  checkLevel(settings);
  const app = fastify({
    logger,
    bodyLimit: settings.bodyLimitBytes,
    requestTimeout: arrivalTimeoutMs,
    frameworkErrors: answerAddressError,
    clientErrorHandler: answerBrokenRequest,
    // The check of sites says the same, in the usual form.
    http: { requireHostHeader: false },
  });
  refuseExpectations(app.server);
  // Everything is JSON here; text would reach the checks as a string, and be refused with a puzzling reason.
  app.removeContentTypeParser('text/plain');
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    // Nothing is no JSON; a client that deletes has nothing to say, whatever it calls it.
    if (body === '' && request.method === 'DELETE') done(null);
    else void parseJson(request, body, done);
  });
  app.setValidatorCompiler(createValidatorCompiler());
  installErrors(app, report);
  await installSerializer(app, settings.responses.serializer);
  installSiteCheck(app, settings);
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

/** Begins when the whole request is there, and before anything that waits; what a client takes to send it has a limit of its own. */
function installDeadline(
  app: FastifyInstance,
  { requestTimeoutMs: limitMs = defaultRequestTimeoutMs }: GatewaySettings,
): void {
  app.addHook('preHandler', (request, _reply, done) =>
    withinDeadline({ limitMs, share: () => shareOf(request) }, done),
  );
}

function checkLevel({ responses: { compression, compressionLevel: level } }: GatewaySettings): void {
  if (compression === 'none' || level === undefined) return;
  const { min, max } = levelsOf(compression);
  if (Number.isSafeInteger(level) && level >= min && level <= max) return;
  throw new UserError(`cannot compress with ${compression} at level ${level}: it has no such level`, {
    hint: `choose a whole number from ${min} to ${max}`,
  });
}

/** Bodies are taken as they are; parameters of a path or query are text, and become what their schema says. */
function createValidatorCompiler(): (route: { schema: unknown; httpPart?: string }) => ReturnType<Ajv2020['compile']> {
  const bodies = createAjv('as sent');
  const parameters = createAjv('from text');
  return ({ schema, httpPart }) => (httpPart === 'body' ? bodies : parameters).compile(schema as object);
}

function createAjv(types: 'as sent' | 'from text'): Ajv2020 {
  // Not strict: titles and defaults in the entities' schemas are for readers, and no mistakes.
  const ajv = new Ajv2020({ strict: false, useDefaults: true, coerceTypes: types === 'from text' });
  addFormats.default(ajv);
  // Narrower than the standard formats: the database takes canonical UUIDs, and instants that a Date can hold.
  ajv.addFormat('uuid', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  ajv.addFormat('date-time', isInstant);
  return ajv;
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}
