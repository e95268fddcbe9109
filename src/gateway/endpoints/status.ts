/**
 * What probes and operators ask: GET /health, /ready and /version.
 *
 * Health and readiness are open to everybody, since probes have no token, and tell nothing but a word.
 */
import { readManifest } from '../../own-files.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { Problem, unavailable } from '../http/errors.ts';
import type { Schema } from '../json.ts';
import type { Store } from '../store/store.ts';

export const statusSchema: Schema = describeStrings('Status', ['status']);

/** The answer of GET /health. */
export const healthy = { status: 'healthy' } as const;

export function statusEndpoints(store: Store): Endpoint[] {
  const { name, version } = readManifest();
  return [
    {
      method: 'GET',
      url: '/health',
      summary: 'Whether the process answers',
      isPublic: true,
      responses: { 200: statusSchema },
      handle: async () => healthy,
    },
    {
      method: 'GET',
      url: '/ready',
      summary: 'Whether the database answers, and takes writes again where it refused one',
      isPublic: true,
      responses: { 200: statusSchema },
      handle: () =>
        store.ping().then(
          () => ({ status: 'ready' }),
          (cause: unknown) => {
            throw new Problem(503, 'the database does not answer', unavailable.headers, cause);
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
  return {
    title,
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: names,
    additionalProperties: false,
  };
}
