/**
 * A program that keeps the catalog: makes entities and deletes them, and switches others off and on again.
 */
import type { UserClass, UserTask } from '../../src/model/users.ts';
import type { JsonValue } from '../../src/model/values.ts';

function creates(kind: string, weight: number, body: JsonValue): UserTask {
  return {
    name: `create and delete ${kind}`,
    weight,
    steps: [
      { method: 'POST', path: `/${kind}`, body, check: 'json', keeps: { id: '/id' } },
      { method: 'DELETE', path: `/${kind}/{kept.id}`, check: 'any' },
    ],
  };
}

/** Switched off only for a moment, and an entity of its own, so that nobody else misses it. */
function switches(kind: string, body: JsonValue): UserTask {
  const [create, remove] = creates(kind, 2, body).steps as [UserTask['steps'][0], UserTask['steps'][0]];
  const to = (activate: boolean): UserTask['steps'][0] => ({
    method: 'POST',
    path: `/${kind}/{kept.id}/state?activate=${activate}`,
    check: 'json',
  });
  return { name: `state of ${kind}`, weight: 2, steps: [create, to(false), to(true), remove] };
}

const tool: JsonValue = { name: '{new}', description: 'Made by a load.', url: 'https://example.com/{new}' };
const server: JsonValue = { name: '{new}', description: 'Made by a load.' };
const resource: JsonValue = { name: '{new}', uri: 'load://{new}', mimeType: 'text/plain' };
const prompt: JsonValue = { name: '{new}', description: 'Made by a load.', template: 'Hello' };

export default {
  name: 'WriteAPIUser',
  title: 'a program that keeps the catalog',
  order: 5,
  weights: { page: 5, contextforge: 1 },
  wait: { kind: 'between', minSeconds: 2, maxSeconds: 5 },
  tasks: [
    creates('tools', 5, tool),
    creates('servers', 3, server),
    creates('resources', 2, resource),
    creates('prompts', 2, prompt),
    switches('tools', tool),
    switches('servers', server),
    switches('resources', resource),
    switches('prompts', prompt),
    {
      name: 'list and read a gateway',
      weight: 1,
      steps: [
        { method: 'GET', path: '/gateways', check: 'list' },
        { method: 'GET', path: '/gateways/{gateways.id}', check: 'json' },
      ],
    },
  ],
} satisfies UserClass;
