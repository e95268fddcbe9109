/**
 * What a request may bring: JSON as its body, and parameters and bodies that their schemas accept.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';

/** Every other content type is refused. */
export function acceptJsonOnly(app: FastifyInstance): void {
  // Text would reach the checks as a string, and be refused with a puzzling reason.
  app.removeContentTypeParser('text/plain');
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    // An empty body is no JSON, but many clients name a content type with DELETE although they send nothing.
    if (body === '' && request.method === 'DELETE') done(null);
    else void parseJson(request, body, done);
  });
}

/** Bodies are taken as they are; parameters of a path or query are text, and become what their schema says. */
export function createValidatorCompiler(): (route: {
  schema: unknown;
  httpPart?: string;
}) => ReturnType<Ajv2020['compile']> {
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
