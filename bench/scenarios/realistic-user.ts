/**
 * The mix of RealisticUser (bench/users/realistic.ts) at fixed rates of arrival: what a serializer does for people, and
 * not for one endpoint.
 *
 * No task of it asks a server behind the gateway, so none stands there, and all gateways answer from copies of one
 * database.
 */
import type { HttpRequest, ScenarioModule } from '../../src/model/http.ts';
import { realisticTasks } from '../users/requests/realistic-tasks.ts';

/** Of single entities, by the start of a path. */
const entities = { '/tools/{tools.id}': 'tools', '/servers/{servers.id}': 'servers' } as const;

export default {
  order: 120,
  title: 'a bit of everything, as RealisticUser asks for it',
  where: 'a working day of people and programs',
  items: 200,
  requests: realisticTasks.flatMap(({ weight, steps }) =>
    steps.map(({ method, path, body, check }): HttpRequest => {
      const entity = Object.hasOwn(entities, path) ? entities[path as keyof typeof entities] : undefined;
      return {
        method: method as HttpRequest['method'],
        path: entity === undefined ? path : `/${entity}/{id}`,
        ...(body === undefined ? {} : { body }),
        ...(entity === undefined ? {} : { entity }),
        ...(check === 'html' ? { isPage: true as const } : {}),
        weight,
      };
    }),
  ),
  volatile: [],
  // Arbitrary, from half of what a small machine carries to twice as much.
  rates: [300, 400, 450, 500, 600, 700, 800, 900],
  // Hundreds of requests: queues near the limit need seconds to show.
  rateWindowMs: 3000,
  isNamed: true,
  tier: 'standard',
} satisfies ScenarioModule;
