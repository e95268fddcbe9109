/**
 * Waiting for the database has an end: for each request, for all that wait in front of it, and for the gateway's own
 * end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it, onTestFinished } from 'vitest';

import { remainingMs, withinDeadline } from '../../src/gateway/deadline.ts';
import { createBusyQueue } from '../../src/gateway/store/sqlite/busy-queue.ts';
import { StoreUnavailableError, TooManyWritesError } from '../../src/gateway/store/store.ts';
import { createWriteQueue, mostWaiting, mostWaitingOfCaller } from '../../src/gateway/store/write-queue.ts';
import { all, create, guardMs, startOn, writeUntilTaken, writeMany, writers } from './many-writers.ts';

describe('a deadline', () => {
  it('goes along with what is called, and is shared by all of it', async () => {
    expect(remainingMs()).toBe(Infinity);
    await withinDeadline({ limitMs: 60_000 }, async () => {
      const first = remainingMs();
      await new Promise((resolve) => void setImmediate(resolve));
      const second = remainingMs();
      expect(first).toBeLessThanOrEqual(60_000);
      expect(second).toBeLessThan(first);
      expect(withinDeadline({ limitMs: 5 }, remainingMs)).toBeLessThanOrEqual(5);
    });
    expect(remainingMs()).toBe(Infinity);
  });
});

describe('the queue of writes', () => {
  const never = (): Promise<never> => new Promise(() => {});

  it('lets everybody go at their own deadline, whoever is before them, and goes on in order', async () => {
    const inTurn = createWriteQueue();
    const [held, done] = [Promise.withResolvers<void>(), [] as number[]];
    const first = inTurn(() => held.promise);
    const late = Array.from({ length: writers }, () => withinDeadline({ limitMs: 20 }, () => inTurn(never)));
    const patient = [1, 2, 3].map((number) =>
      withinDeadline({ limitMs: 60_000 }, () => inTurn(async () => void done.push(number))),
    );
    for (const { reason } of (await Promise.allSettled(late)) as PromiseRejectedResult[])
      expect(reason).toBeInstanceOf(StoreUnavailableError);
    held.resolve();
    await Promise.all([first, ...patient]);
    expect(done).toEqual([1, 2, 3]);
    // Nothing is left of those who went.
    await inTurn(async () => {});
  });

  it('runs each write under the deadline of its own request', async () => {
    const inTurn = createWriteQueue();
    const held = Promise.withResolvers<void>();
    const first = withinDeadline({ limitMs: 10 }, () => inTurn(() => held.promise));
    const second = withinDeadline({ limitMs: 60_000 }, () => inTurn(async () => remainingMs()));
    setImmediate(held.resolve);
    await first;
    expect(await second).toBeGreaterThan(1_000);
  });

  it('goes on behind a write that fails', async () => {
    const inTurn = createWriteQueue();
    const failed = inTurn(() => Promise.reject(new Error('no')));
    const next = inTurn(async () => 'done');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('done');
  });

  it('is bounded, for one caller and for all', async () => {
    const inTurn = createWriteQueue();
    // Without an end, since nobody waits for those that are let in.
    const add = (share: string): Promise<unknown> =>
      withinDeadline({ limitMs: Infinity, share: () => share }, () => inTurn(never));
    void add('amara');
    for (let count = 0; count < mostWaitingOfCaller; count += 1) void add('amara');
    await expect(add('amara')).rejects.toThrow(TooManyWritesError);
    for (let count = mostWaitingOfCaller; count < mostWaiting; count += 1) void add(`caller ${count}`);
    await expect(add('boris')).rejects.toThrow(StoreUnavailableError);
  });
});

describe('the queue of those who find the database busy', () => {
  const busy = new Error('busy');

  it('tries the first of them only, goes on in order when the way is free, and never tries one that has gone', async () => {
    let isFree = false;
    const tried: string[] = [];
    const queue = createBusyQueue((error) => error === busy);
    const use = (name: string, limitMs: number): Promise<string> =>
      withinDeadline({ limitMs }, () =>
        queue.run(() => {
          tried.push(name);
          if (!isFree) throw busy;
          return name;
        }),
      );
    const [first, late, last] = [use('first', 60_000), use('late', 20), use('last', 60_000)];
    await expect(late).rejects.toBe(busy);
    expect(new Set(tried)).toEqual(new Set(['first']));
    isFree = true;
    expect(await Promise.all([first, last])).toEqual(['first', 'last']);
    expect(tried.filter((name) => name !== 'first')).toEqual(['last']);
    expect(await use('next', 1_000)).toBe('next');
  });

  it('gives other failures to whom they belong, and all that wait an end when it closes', async () => {
    const queue = createBusyQueue((error) => error === busy);
    let failure = busy;
    const failing = queue.run(() => {
      throw failure;
    });
    failure = new Error('broken');
    await expect(failing).rejects.toBe(failure);
    const waiting = queue.run(() => {
      throw busy;
    });
    queue.close();
    await expect(waiting).rejects.toThrow(StoreUnavailableError);
    await expect(queue.run(() => 1)).rejects.toThrow(StoreUnavailableError);
  });
});

describe('many writers on a SQLite file that another process keeps locked', () => {
  function makeFile(): string {
    const directory = mkdtempSync(path.join(tmpdir(), 'gateway-deadline-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    return path.join(directory, 'gateway.db');
  }

  it('are all answered within one deadline, while everything else goes on', async () => {
    const file = makeFile();
    const { app } = await startOn(file);
    expect((await create(app, 'before')).statusCode).toBe(201);
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    let isOver = false;
    const writing = writeMany(app).finally(() => (isOver = true));
    for (const url of ['/health', '/tools', '/health']) {
      expect((await app.inject(url)).statusCode).toBe(200);
      expect(isOver).toBe(false);
    }
    const { statuses, tookMs, retryAfter } = await writing;
    expect(statuses).toEqual(all(503));
    expect(retryAfter).toMatch(/^\d+$/);
    expect(tookMs).toBeLessThan(guardMs);
    other.exec('ROLLBACK');
    expect(await writeUntilTaken(app)).toEqual(all(201));
  });

  it('do not hold up its end', async () => {
    const file = makeFile();
    const { app, close } = await startOn(file);
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    other.exec('BEGIN EXCLUSIVE');
    const writing = writeMany(app);
    await app.inject('/health');
    await close();
    expect(new Set((await writing).statuses)).toEqual(new Set([503]));
  });
});
