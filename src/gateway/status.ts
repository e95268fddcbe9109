/**
 * What probes and operators ask: GET /health, /ready and /version.
 *
 * Health and readiness are open to everybody, since probes have no token, and tell nothing but a word.
 */
import type { Endpoint } from './endpoint.ts';
import { Problem } from './errors.ts';
import { readManifest } from '../own-files.ts';
import type { Store } from './model.ts';
import type { Schema } from './schemas.ts';

const statusSchema: Schema = describeStrings('Status', ['status']);

export function statusEndpoints(store: Store): Endpoint[] {
  const { name, version } = readManifest();
  return [
    {
      method: 'GET',
      url: '/health',
      summary: 'Whether the process answers',
      isPublic: true,
      responses: { 200: statusSchema },
      handle: async () => ({ status: 'healthy' }),
    },
    {
      method: 'GET',
      url: '/ready',
      summary: 'Whether the database answers',
      isPublic: true,
      responses: { 200: statusSchema },
      handle: (request) =>
        store.ping().then(
          () => ({ status: 'ready' }),
          (error: unknown) => {
            request.log.error(error);
            throw new Problem(503, 'the database does not answer');
          },
        ),
    },
    {
      method: 'GET',
      url: '/version',
      summary: 'What runs here',
      responses: { 200: describeStrings('Version', ['name', 'version']) },
      handle: async () => ({ name: `${name} gateway`, version }),
    },
  ];
}

function describeStrings(title: string, names: readonly string[]): Schema {
  return { title, type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])), required: names, additionalProperties: false };
}
