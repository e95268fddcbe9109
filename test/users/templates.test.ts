import { describe, expect, it } from 'vitest';

import type { UserStep } from '../../src/model/users.ts';
import { fillStep, placeholdersOf, poolsOf } from '../../src/users/requests/templates.ts';

const step: UserStep = {
  method: 'POST',
  path: '/tools/{tools.id}?q={new}',
  headers: { 'mcp-session-id': '{kept.session}' },
  body: { name: '{new}', list: ['{tools.id}', 'plain'], params: '{callableTools.call}', text: 'a {tools.id} b', n: 1 },
  check: 'json',
};

const values: Readonly<Record<string, unknown>> = {
  'tools.id': 'a/b',
  new: 'fresh',
  'kept.session': 's-1',
  'callableTools.call': { name: 't', arguments: { x: 1 } },
};

describe('placeholders', () => {
  it('are found once each, with the pools they draw from', () => {
    expect(placeholdersOf(step).toSorted()).toEqual(['callableTools.call', 'kept.session', 'new', 'tools.id']);
    expect(poolsOf({ name: 't', weight: 1, steps: [step] }).toSorted()).toEqual(['callableTools', 'tools']);
  });

  it('become values: whole ones as they are, others inside a text, and encoded in a path', () => {
    expect(fillStep(step, (name) => values[name] as string)).toEqual({
      method: 'POST',
      path: '/tools/a%2Fb?q=fresh',
      headers: { 'mcp-session-id': 's-1' },
      body: {
        name: 'fresh',
        list: ['a/b', 'plain'],
        params: { name: 't', arguments: { x: 1 } },
        text: 'a a/b b',
        n: 1,
      },
      check: 'json',
    });
  });

  it('leave a step without any as it is', () => {
    const plain: UserStep = { method: 'GET', path: '/tools', check: 'json' };
    expect(fillStep(plain, () => '')).toBe(plain);
  });
});
