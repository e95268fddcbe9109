/**
 * What is found by listing, and what a project's own contender or payload may leave out.
 */
import { describe, expect, it } from 'vitest';

import type { UserContender, UserPayload } from '../../src/config.ts';
import type { Contender } from '../../src/model/contender.ts';
import type { Payload } from '../../src/model/payload.ts';
import type { JsonSchema } from '../../src/model/values.ts';
import { completeContender, completePayload } from '../../src/registry/defaults.ts';
import { benchRoot, loadContenders, loadRegistry } from '../../src/registry/registry.ts';

describe('the registry', () => {
  it('takes a file name for an id and gives the module that a worker imports', async () => {
    const { contenders } = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));
    expect(contenders.map(({ id }) => id)).toEqual(contenders.map(({ id }) => id).toSorted());
    expect(contenders.find(({ id }) => id === 'honest')).toMatchObject({
      kind: 'serialize',
      url: new URL('../fixtures/bench/contenders/honest.ts', import.meta.url).href,
    });
  });

  it('puts suites into the order of reports', async () => {
    const orders = (await loadRegistry()).suites.map(({ order }) => order);
    expect(orders.length).toBeGreaterThan(1);
    expect(orders).toEqual(orders.toSorted((a, b) => a - b));
  });

  it('refuses a directory without contenders', async () => {
    await expect(loadContenders(new URL('no-such-bench/', import.meta.url))).rejects.toThrow('ENOENT');
  });
});

describe('a contender of a project', () => {
  const load = async () => () => ({ stringify: (value: unknown) => JSON.stringify(value) });

  it('takes part in every run, claims no more than the same JSON value, and has no flags', () => {
    const least: UserContender = { kind: 'serialize', title: 'ours', load };
    expect(completeContender(least)).toEqual({
      kind: 'serialize',
      title: 'ours',
      load,
      package: null,
      tier: 'quick',
      capabilities: [],
      equality: 'json',
    });
  });

  it('stays as it is where it leaves nothing out', async () => {
    for (const contender of await loadContenders(benchRoot)) expect(completeContender(contender)).toEqual(contender);
    const whole: Contender = {
      kind: 'serialize',
      title: 'ours',
      load,
      package: 'ours',
      tier: 'thorough',
      capabilities: ['lossy'],
      equality: 'bytes',
    };
    expect(completeContender(whole)).toEqual(whole);
  });
});

describe('a payload of a project', () => {
  const never = (): JsonSchema => {
    throw new Error('there was a schema');
  };

  it('has the usual sizes where it asks for the number of items', () => {
    const asked: number[][] = [];
    const generate: Payload['generate'] = (_generator, items) => Array(items).fill(0) as number[];
    const completed = completePayload({ title: 'orders', generate }, (sizes) => {
      asked.push([...sizes]);
      return { type: 'array' };
    });
    expect(completed).toEqual({
      title: 'orders',
      generate,
      where: 'this project',
      role: 'response',
      tier: 'quick',
      variants: ['text'],
      list: null,
      sizes: [10, 100, 1000],
      schema: { type: 'array' },
    });
    expect(asked).toEqual([[10, 100, 1000]]);
  });

  it('has one size that cannot be changed where it does not ask', () => {
    const completed = completePayload({ title: 'invoice', generate: () => ({ total: 1 }), schema: {} }, never);
    expect(completed).toMatchObject({ sizes: [1], fixedSizes: true });
  });

  it('keeps what it says itself', () => {
    const whole: UserPayload = {
      title: 'orders',
      where: 'GET /orders',
      role: 'response',
      tier: 'standard',
      schema: { type: 'object' },
      sizes: [7],
      variants: ['native'],
      list: '/orders',
      generate: () => ({}),
    };
    expect(completePayload(whole, never)).toEqual(whole);
  });
});
