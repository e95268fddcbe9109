/**
 * What reports call the requests of a task.
 */
import { isObject } from '../../json.ts';
import type { UserTask } from '../../model/users.ts';

/** A task of one request lends it its name; of several each is called by what it asks for. */
export function nameRequest(task: UserTask, step: number): { request: string; method: string } {
  const { method, path, body } = task.steps[step] ?? { method: '', path: '', body: undefined };
  if (task.steps.length === 1) return { request: task.name, method };
  const asked = isObject(body) && typeof body['method'] === 'string' ? ` ${body['method']}` : '';
  return { request: `${method} ${path}${asked}`, method };
}
