/**
 * Servers of the user that close their connections, in every way in which servers do: each of them is measured, and
 * nothing of it counts as a failure. One that cuts its answers still fails.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { describe, expect, it } from 'vitest';

import type { HttpPlan } from '../../../src/load/plan.ts';
import { scenariosById } from '../scenarios.ts';
import { quickProfile } from './quick-profile.ts';
import { runHttpPlan } from '../../../src/load/session.ts';
import { openSite } from '../../../src/load/servers/user-site.ts';
import type { HttpOutcome } from '../../../src/model/http.ts';
import { builtInMetrics } from '../../records.ts';

const profile = quickProfile(2);
const { load } = profile;

const body = JSON.stringify([{ id: 'a', name: 'first' }]);
const sized = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
const chunked = `content-type: application/json\r\ntransfer-encoding: chunked\r\n`;
const inChunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

/** Answers the nth request of a connection, counted from 1. */
type Habit = (socket: Socket, served: number) => void;

const keepAlive = (socket: Socket): void => void socket.write(`HTTP/1.1 200 OK\r\n${sized}\r\n${body}`);

const habits: Readonly<Record<string, Habit>> = {
  'announces that it closes': (socket) =>
    void socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n${sized}\r\n${body}`),
  'announces it in other letters, in chunks': (socket) =>
    void socket.end(`HTTP/1.1 200 OK\r\nCONNECTION: Close\r\n${chunked}\r\n${inChunks}`),
  'closes after its answer without a word': (socket) => void socket.end(`HTTP/1.1 200 OK\r\n${sized}\r\n${body}`),
  'closes after an answer in chunks': (socket) => void socket.end(`HTTP/1.1 200 OK\r\n${chunked}\r\n${inChunks}`),
  'closes a little later': (socket) => {
    keepAlive(socket);
    setTimeout(() => socket.end(), 2);
  },
  'resets the connection afterwards': (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n${sized}\r\n${body}`, () => setTimeout(() => socket.resetAndDestroy(), 5));
  },
  'speaks HTTP/1.0, its answer ends with the connection': (socket) =>
    void socket.end(`HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`),
  'speaks HTTP/1.0 with a length': (socket) => void socket.end(`HTTP/1.0 200 OK\r\n${sized}\r\n${body}`),
  'ends its answer with the connection': (socket) =>
    void socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`),
  'serves two requests a connection': (socket, served) => {
    if (served < 2) keepAlive(socket);
    else socket.end(`HTTP/1.1 200 OK\r\n${sized}\r\n${body}`);
  },
  'serves seven requests a connection and says so on the last': (socket, served) => {
    if (served < 7) keepAlive(socket);
    else socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n${sized}\r\n${body}`);
  },
  'serves seven requests a connection and says nothing': (socket, served) => {
    if (served < 7) keepAlive(socket);
    else socket.end(`HTTP/1.1 200 OK\r\n${sized}\r\n${body}`);
  },
};

async function measure(habit: Habit): Promise<HttpOutcome[]> {
  const server = createServer((socket) => {
    let [pending, served] = ['', 0];
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      for (let end = pending.indexOf('\r\n\r\n'); end !== -1; end = pending.indexOf('\r\n\r\n')) {
        pending = pending.slice(end + 4);
        served += 1;
        if (socket.writable) habit(socket, served);
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const site = openSite({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, env: {} });
    const suite = {
      id: 'site',
      reference: 'running',
      targets: [{ id: 'running', site }],
      scenarios: scenariosById(['tools-10']),
      sweeps: false,
      headline: [],
    };
    const plan: HttpPlan = { suites: [suite], profile, metrics: builtInMetrics, seed: 1 };
    const outcomes: HttpOutcome[] = [];
    for await (const event of runHttpPlan(plan, {
      signal: new AbortController().signal,
      now: () => performance.now(),
      startLimitMs: 60_000,
      done: [],
    })) {
      if (event.type === 'outcome') outcomes.push(event.outcome);
    }
    return outcomes;
  } finally {
    server.close();
  }
}

describe('a server of the user', () => {
  it.each(Object.entries(habits))('that %s is measured', async (_, habit) => {
    const outcomes = await measure(habit);
    expect(outcomes.map(({ status, reason, failures }) => ({ status, reason, failures }))).toEqual(
      [0, 1].map(() => ({ status: 'ok', reason: undefined, failures: {} })),
    );
    for (const { requests, warnings } of outcomes) {
      expect(requests).toBeGreaterThanOrEqual(load.fewestRequests);
      expect(warnings).toContainEqual(expect.stringContaining('the server closes connections'));
    }
  });

  it('that keeps its connections is measured without that warning', async () => {
    const outcomes = await measure(keepAlive);
    expect(outcomes.map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(outcomes.flatMap(({ warnings }) => warnings)).not.toContainEqual(
      expect.stringContaining('closes connections'),
    );
  });

  it('that cuts some of its answers fails', async () => {
    let answers = 0;
    const outcomes = await measure((socket) => {
      answers += 1;
      if (answers < 40) keepAlive(socket);
      else socket.end(`HTTP/1.1 200 OK\r\n${sized}\r\n${body.slice(5)}`);
    });
    expect(outcomes.map(({ status, reason }) => `${status}: ${reason}`)).toEqual([
      expect.stringMatching(/^failed: requests failed: \d+ x (ECONNRESET|connection closed)/),
    ]);
  });
});
