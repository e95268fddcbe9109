/** The bound on large responses, with responses and a clock of the test's own. */
import { EventEmitter } from 'node:events';

import fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';

import { installResponseBudget, ResponseBudget } from '../../../src/gateway/responses/budget.ts';

const mebibyte = 1024 * 1024;
const limits = {
  mostBytes: 2 * mebibyte,
  mostReservedBytes: 2 * mebibyte,
  mostWaiting: 2,
  waitMs: 3_600_000,
  takeMs: 60_000,
};

class Sent extends EventEmitter {
  destroyed = false;
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
}

function fill(budget: ResponseBudget): Sent[] {
  return [1, 2, 3].map(() => {
    const sent = new Sent();
    budget.count(sent, mebibyte);
    return sent;
  });
}

describe('the budget of responses', () => {
  it('counts a large response until it is gone, once, and no small one', () => {
    const budget = new ResponseBudget(limits);
    const [first] = fill(budget) as [Sent];
    budget.count(new Sent(), 1_000);
    budget.count(first, mebibyte);
    expect(budget.bytes).toBe(3 * mebibyte);
    first.destroy();
    expect(budget.bytes).toBe(2 * mebibyte);
    budget.count(first, mebibyte);
    expect(budget.bytes).toBe(2 * mebibyte);
  });

  it('lets waiting lists begin in their order as there is room, and refuses more than may wait', async () => {
    const budget = new ResponseBudget(limits);
    const release = await budget.reserve(2 * mebibyte);
    const begun: string[] = [];
    const begin = (name: string) => async (room: Promise<() => void> | (() => void)) => {
      const given = await room;
      begun.push(name);
      return given;
    };
    const waiting = [begin('a')(budget.reserve(2 * mebibyte)), begin('b')(budget.reserve(1))];
    await expect(budget.reserve(1)).rejects.toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    release();
    const releaseFirst = await (waiting[0] as Promise<() => void>);
    expect([begun, budget.reserved]).toEqual([['a'], 2 * mebibyte]);
    releaseFirst();
    releaseFirst();
    await waiting[1];
    expect([begun, budget.reserved]).toEqual([['a', 'b'], 1]);
  });

  it('reserves for several lists at once what they may read, and lets one that is larger than all room run alone', async () => {
    const budget = new ResponseBudget(limits);
    const releases = [await budget.reserve(mebibyte), await budget.reserve(mebibyte)];
    const large = budget.reserve(5 * mebibyte);
    expect(budget.reserved).toBe(2 * mebibyte);
    for (const release of releases) release();
    const release = await large;
    expect(budget.reserved).toBe(5 * mebibyte);
    release();
    expect(budget.reserved).toBe(0);
  });

  it('lets no list begin while too much is on its way', async () => {
    const budget = new ResponseBudget(limits);
    const [first, second] = fill(budget) as [Sent, Sent];
    const waiting = budget.reserve(1);
    expect(budget.reserved).toBe(0);
    first.destroy();
    second.destroy();
    await waiting;
    expect(budget.reserved).toBe(1);
  });

  it('refuses what waited for too long', async () => {
    const budget = new ResponseBudget({ ...limits, waitMs: 1 });
    fill(budget);
    await expect(budget.reserve(1)).rejects.toMatchObject({ statusCode: 503 });
  });

  it('ends a response that nobody takes where others wait', async () => {
    let now = 0;
    const budget = new ResponseBudget(limits, () => now);
    const stuck = fill(budget);
    now = 60_001;
    await budget.reserve(1);
    expect(stuck.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
    expect(budget.bytes).toBe(0);
  });

  it('is free again after every response of an application', async () => {
    const budget = new ResponseBudget(limits);
    const app = fastify();
    onTestFinished(() => app.close());
    installResponseBudget(app, budget);
    app.get('/large', () => 'x'.repeat(3 * mebibyte));
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    for (let count = 0; count < 5; count += 1)
      expect((await (await fetch(`${url}/large`)).text()).length).toBe(3 * mebibyte);
    await expect.poll(() => budget.bytes).toBe(0);
  });
});
