import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { UserTask, UserWait, WeightedUserClass } from '../../src/model/users.ts';
import type { SwarmJob } from '../../src/users/messages.ts';
import { LoadSum, type RequestSum } from '../../src/users/slices.ts';
import { Swarm } from '../../src/users/worker/swarm.ts';
import { answerJson, startTestServer, type TestServer } from './test-server.ts';

const often: UserWait = { kind: 'constant-throughput', tasksPerSec: 200 };
const read = (path: string, weight = 1): UserTask => ({
  name: `GET ${path}`,
  weight,
  steps: [{ method: 'GET', path, check: 'json' }],
});

function classOf(tasks: readonly UserTask[], wait: UserWait = often, name = 'Tester'): WeightedUserClass {
  return { name, title: 'a test', weight: 1, wait, tasks };
}

function jobOf(server: TestServer, classes: readonly WeightedUserClass[], more: Partial<SwarmJob> = {}): SwarmJob {
  const address = { url: server.url, headers: {} };
  return { address, classes, pools: {}, timeoutMs: 5000, seed: 1, name: 'test', ...more };
}

/** However busy the machine is. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(5);
}

async function runUntil(swarm: Swarm, isEnough: () => boolean): Promise<LoadSum> {
  const sum = new LoadSum();
  await until(isEnough);
  await swarm.stop(5000);
  sum.add('worker', swarm.takeSlice());
  return sum;
}

function sumOf(sums: readonly RequestSum[], pick: (sum: RequestSum) => number): number {
  return sums.reduce((all, one) => all + pick(one), 0);
}

describe('users', () => {
  it('do their tasks until they are stopped, and count every request that the server has answered', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const swarm = new Swarm(jobOf(server, [classOf([read('/a', 3), read('/b', 1)])]));
    swarm.setUsers({ Tester: 5 });
    expect(swarm.counts).toEqual({ Tester: 5 });
    const sum = await runUntil(swarm, () => server.asked.length >= 400);
    expect(swarm.counts).toEqual({ Tester: 0 });
    expect(sumOf(sum.requests, ({ requests }) => requests)).toBe(server.asked.length);
    expect(sumOf(sum.requests, ({ latency }) => latency.count)).toBe(server.asked.length);
    const begun = Object.fromEntries(sum.begun.map(({ task, count }) => [task, count]));
    expect(begun['GET /a']).toBe(server.asked.filter(({ url }) => url === '/a').length);
    // Three of each four, whatever the order.
    expect(Math.abs((begun['GET /a'] ?? 0) - 0.75 * server.asked.length)).toBeLessThanOrEqual(3);
  });

  it('at a constant rate never do more than is due', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, []));
    const beganMs = performance.now();
    const swarm = new Swarm(jobOf(server, [classOf([read('/a')], { kind: 'constant-throughput', tasksPerSec: 50 })]));
    swarm.setUsers({ Tester: 4 });
    await runUntil(swarm, () => server.asked.length >= 60);
    const seconds = (performance.now() - beganMs) / 1000;
    expect(server.asked.length).toBeLessThanOrEqual(4 * (seconds * 50 + 1));
  });

  it('that wait for a server catch up, and their times begin when each request was due', async () => {
    const stallMs = 600;
    await using server = await startTestServer((_asked, response, index) => {
      if (index === 0) setTimeout(() => answerJson(response, []), stallMs);
      else answerJson(response, []);
    });
    const swarm = new Swarm(jobOf(server, [classOf([read('/a')], { kind: 'constant-throughput', tasksPerSec: 50 })]));
    swarm.setUsers({ Tester: 1 });
    const sum = await runUntil(swarm, () => server.asked.length >= 40);
    const [{ latency, serviceTime } = { latency: undefined, serviceTime: undefined }] = sum.requests;
    // Thirty fell due while the first one had no answer, each 20 ms after the one before: the sixteenth slowest waited
    // for what was left of the stall then, and a busy machine makes it no less.
    const sixteenth = 100 * (1 - 15 / (latency?.count ?? 1));
    expect(latency?.percentileNs(sixteenth)).toBeGreaterThanOrEqual((stallMs - 15 * 20 - 2) * 1e6);
    expect(serviceTime?.summary()?.maxNs).toBeGreaterThanOrEqual(stallMs * 0.99e6);
    expect(serviceTime?.percentileNs(50)).toBeLessThanOrEqual(latency?.percentileNs(50) ?? 0);
  });

  it('count failures by name, with no time of theirs', async () => {
    await using server = await startTestServer((_asked, response, index) => {
      if (index % 4 === 0) answerJson(response, {}, 503);
      else if (index % 4 === 1) response.writeHead(200).end('{"a":');
      else if (index % 4 === 2) response.destroy();
      else answerJson(response, {});
    });
    const swarm = new Swarm(jobOf(server, [classOf([read('/a')])]));
    swarm.setUsers({ Tester: 1 });
    const [sum] = (await runUntil(swarm, () => server.asked.length >= 40)).requests;
    expect(sum?.requests).toBe(server.asked.length);
    expect(Object.keys(sum?.failures ?? {}).toSorted()).toEqual(['ECONNRESET', 'HTTP 503', 'cut off']);
    expect(sum?.latency.count).toBe(
      server.asked.length - Object.values(sum?.failures ?? {}).reduce((a, b) => a + b, 0),
    );
  });

  it('fail by name where nobody answers, and go on', async () => {
    const gone = await startTestServer((_asked, response) => answerJson(response, {}));
    await gone[Symbol.asyncDispose]();
    const swarm = new Swarm(jobOf(gone, [classOf([read('/a')])]));
    swarm.setUsers({ Tester: 2 });
    await delay(100);
    await swarm.stop(1000);
    const slice = swarm.takeSlice();
    expect(Object.keys(slice.requests[0]?.failures ?? {})).toEqual(['ECONNREFUSED']);
  });

  it('time out, and a request that has no answer when the grace is over is told', async () => {
    await using server = await startTestServer(() => {});
    const timed = new Swarm(jobOf(server, [classOf([read('/a')])], { timeoutMs: 50 }));
    timed.setUsers({ Tester: 1 });
    await until(() => server.asked.length >= 2);
    await timed.stop(1000);
    expect(timed.takeSlice().requests[0]?.failures).toHaveProperty('timeout');
    const waiting = new Swarm(jobOf(server, [classOf([read('/a')])]));
    waiting.setUsers({ Tester: 3 });
    await until(() => waiting.underWay === 3);
    expect(await waiting.stop(20)).toBe(3);
    expect(waiting.takeSlice().requests).toEqual([]);
  });

  it('may become fewer, and come back', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, {}));
    const swarm = new Swarm(jobOf(server, [classOf([read('/a')]), classOf([read('/b')], often, 'Other')]));
    swarm.setUsers({ Tester: 3, Other: 2, Unknown: 9 });
    expect(swarm.counts).toEqual({ Tester: 3, Other: 2 });
    swarm.setUsers({ Tester: 1 });
    expect(swarm.counts).toEqual({ Tester: 1, Other: 0 });
    swarm.setUsers({ Tester: 1, Other: 4 });
    expect(swarm.counts).toEqual({ Tester: 1, Other: 4 });
    await swarm.stop(1000);
  });
});

describe('a task of several steps', () => {
  const task: UserTask = {
    name: 'create and delete',
    weight: 1,
    steps: [
      {
        method: 'POST',
        path: '/things',
        body: { name: '{new}', of: '{tools.id}' },
        check: 'json',
        keeps: { id: '/id', tag: 'header:x-tag' },
      },
      { method: 'DELETE', path: '/things/{kept.id}', headers: { 'x-tag': '{kept.tag}' }, check: 'any' },
    ],
  };

  it('hands on what it has kept, makes names that nobody else has and draws from pools', async () => {
    await using server = await startTestServer((asked, response, index) => {
      response.setHeader('x-tag', `t${index}`);
      answerJson(response, { id: `id-${index}`, asked: asked.url });
    });
    const pools = { tools: [{ id: 'p1' }, { id: 'p2' }] };
    const swarm = new Swarm(jobOf(server, [classOf([task])], { pools }));
    swarm.setUsers({ Tester: 2 });
    await runUntil(swarm, () => server.asked.length >= 20);
    const posts = server.asked.map((one, index) => ({ ...one, index })).filter(({ method }) => method === 'POST');
    const names = posts.map(({ body }) => (JSON.parse(body) as { name: string }).name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(posts.map(({ body }) => (JSON.parse(body) as { of: string }).of))).toEqual(new Set(['p1', 'p2']));
    const deleted = server.asked.filter(({ method }) => method === 'DELETE');
    expect(deleted.length).toBeGreaterThan(0);
    for (const { url, headers } of deleted) {
      const index = Number(/^\/things\/id-(\d+)$/.exec(url)?.[1]);
      expect(posts.some((post) => post.index === index)).toBe(true);
      expect(headers['x-tag']).toBe(`t${index}`);
    }
  });

  it('ends with the first step that fails', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, { noId: true }));
    const pools = { tools: [{ id: 'p1' }] };
    const swarm = new Swarm(jobOf(server, [classOf([task])], { pools }));
    swarm.setUsers({ Tester: 1 });
    const sum = await runUntil(swarm, () => server.asked.length >= 5);
    expect(server.asked.every(({ method }) => method === 'POST')).toBe(true);
    expect(Object.keys(sum.requests[0]?.failures ?? {})).toEqual(['no /id in the answer']);
  });
});
