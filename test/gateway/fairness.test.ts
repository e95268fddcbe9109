/**
 * What belongs to one caller: sessions, streams and shares of them, none of which another caller can take or use, and
 * which last no longer than the caller's token.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';

import { SignJWT } from 'jose';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { atDate } from '../../src/gateway/at-date.ts';
import { shareOf } from '../../src/gateway/http/callers.ts';
import { startMcp } from './mcp/start-mcp.ts';
import { startGateway } from './start-gateway.ts';
import { readFirst } from './store/memory-store.ts';

const secret = randomBytes(32).toString('hex');

async function tokenOf(subject: string, options: { issuer?: string; lifetimeSeconds?: number } = {}): Promise<string> {
  const { issuer, lifetimeSeconds = 600 } = options;
  const claims = {
    sub: subject,
    ...(issuer === undefined ? {} : { iss: issuer }),
    exp: Math.floor(Date.now() / 1000) + lifetimeSeconds,
    scope: 'read',
  };
  return `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret))}`;
}

async function listen() {
  const { app, store } = await startGateway({ items: 2, auth: { secret } });
  return { store, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

/** A response whose body is still open. */
async function open(url: string, headers: http.OutgoingHttpHeaders): Promise<http.IncomingMessage> {
  const [response] = (await once(http.get(url, { headers, agent: false }), 'response')) as [http.IncomingMessage];
  response.on('error', () => {});
  response.resume();
  onTestFinished(() => void response.destroy());
  return response;
}

const acceptBoth = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const clientInfo = { name: 'test', version: '1' };
const opening = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
};
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

function post(url: string, message: object, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}/mcp`, { method: 'POST', headers: { ...acceptBoth, ...headers }, body: JSON.stringify(message) });
}

async function openSession(url: string, headers: Record<string, string>): Promise<string> {
  const response = await post(url, opening, headers);
  expect(response.status).toBe(200);
  return response.headers.get('mcp-session-id') as string;
}

describe('streams of events', () => {
  it('are refused to a caller beyond its share, and to nobody else', async () => {
    const { url } = await listen();
    const [amara, boris] = await Promise.all(['amara', 'boris'].map((subject) => tokenOf(subject)));
    const own: http.IncomingMessage[] = [];
    let refused: http.IncomingMessage | undefined;
    while (refused === undefined && own.length < 1_000) {
      const response = await open(`${url}/events`, { authorization: amara });
      if (response.statusCode === 200) own.push(response);
      else refused = response;
    }
    expect(own).toHaveLength(50);
    expect(refused).toMatchObject({
      statusCode: 429,
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) as string },
    });
    // The same name from another issuer is somebody else, too.
    const others = [boris, await tokenOf('amara', { issuer: 'elsewhere' })];
    for (const authorization of others) expect((await open(`${url}/events`, { authorization })).statusCode).toBe(200);
    own[0]?.destroy();
    await expect
      .poll(async () => (await open(`${url}/events`, { authorization: amara })).statusCode, { timeout: 30_000 })
      .toBe(200);
  });

  it('end with their token while nothing happens, and others go on', async () => {
    const { url, store } = await listen();
    const lasting = await open(`${url}/events`, { authorization: await tokenOf('boris') });
    let seen = '';
    lasting.setEncoding('utf8').on('data', (text: string) => (seen += text));
    const ending = await open(`${url}/events`, { authorization: await tokenOf('amara', { lifetimeSeconds: 1 }) });
    await once(ending, 'end');
    expect(ending.complete).toBe(true);
    await store.update('tools', (await readFirst(store, 'tools')).id, { description: 'later' });
    await expect.poll(() => seen, { timeout: 30_000 }).toContain('later');
  });

  it('give no events again to whoever has the id of another caller', async () => {
    const { url, store } = await listen();
    const { id } = await readFirst(store, 'tools');
    const readIds = async (authorization: string, lastId?: string): Promise<string> => {
      const response = await open(`${url}/events`, {
        authorization,
        ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
      });
      const [text] = (await once(response.setEncoding('utf8'), 'data')) as [string];
      return text;
    };
    const [amara, boris] = (await Promise.all(['amara', 'boris'].map((subject) => tokenOf(subject)))) as [
      string,
      string,
    ];
    const lastId = /^id: (.*)$/m.exec(await readIds(amara))?.[1] as string;
    await store.update('tools', id, { description: 'missed by amara' });
    expect(await readIds(amara, lastId)).toContain('missed by amara');
    const foreign = await readIds(boris, lastId);
    expect(foreign).not.toContain('missed by amara');
    expect(foreign).toContain('event: missed');
  });
});

describe('sessions of MCP', () => {
  it('belong to issuer and subject together: nobody else can use, stream or end one', async () => {
    const { url } = await listen();
    const owner = await tokenOf('amara', { issuer: 'one' });
    const session = await openSession(url, { authorization: owner });
    const strangers = [
      tokenOf('amara', { issuer: 'two' }),
      tokenOf('amara'),
      tokenOf('boris', { issuer: 'one' }),
      tokenOf('one"amara'),
    ];
    for (const stranger of strangers) {
      const headers = { authorization: await stranger, 'mcp-session-id': session };
      expect((await post(url, ping, headers)).status).toBe(404);
      expect(
        (await open(`${url}/mcp`, { ...headers, accept: 'text/event-stream', 'last-event-id': '1' })).statusCode,
      ).toBe(404);
      expect((await fetch(`${url}/mcp`, { method: 'DELETE', headers })).status).toBe(404);
    }
    const again = await tokenOf('amara', { issuer: 'one', lifetimeSeconds: 700 });
    expect((await post(url, ping, { authorization: again, 'mcp-session-id': session })).status).toBe(200);
  });

  it('end in the place of the own oldest, and never in that of others', async () => {
    let caller = 'boris';
    const { url } = await startMcp({ caller: () => caller, sessions: { most: 5, mostOfCaller: 3, idleMs: 600_000 } });
    const statusOf = async (session: string): Promise<number> =>
      (await post(url, ping, { 'mcp-session-id': session })).status;
    const ofBoris = await openSession(url, {});
    caller = 'amara';
    const ofAmara: string[] = [];
    for (let count = 0; count < 10; count += 1) ofAmara.push(await openSession(url, {}));
    expect(await Promise.all(ofAmara.map((session) => statusOf(session)))).toEqual([
      ...Array.from({ length: 7 }, () => 404),
      200,
      200,
      200,
    ]);
    // All five are taken after the next one; the one after it is at the cost of who has most.
    for (const name of ['carla', 'dunja']) {
      caller = name;
      await openSession(url, {});
    }
    caller = 'amara';
    expect(await Promise.all(ofAmara.slice(-3).map((session) => statusOf(session)))).toEqual([404, 200, 200]);
    caller = 'boris';
    expect(await statusOf(ofBoris)).toBe(200);
  });

  it('end with the last token that used them, and their stream with its own', async () => {
    const { url } = await listen();
    const short = await tokenOf('amara', { lifetimeSeconds: 4 });
    const [left, kept] = [
      await openSession(url, { authorization: short }),
      await openSession(url, { authorization: short }),
    ];
    const accept = 'text/event-stream';
    const streams = await Promise.all(
      [left, kept].map((session) => open(`${url}/mcp`, { authorization: short, accept, 'mcp-session-id': session })),
    );
    const ends = Promise.all(streams.map((stream) => once(stream, 'end')));
    const long = await tokenOf('amara');
    expect((await post(url, ping, { authorization: long, 'mcp-session-id': kept })).status).toBe(200);
    await ends;
    await expect
      .poll(async () => (await post(url, ping, { authorization: long, 'mcp-session-id': left })).status, {
        timeout: 30_000,
      })
      .toBe(404);
    expect((await post(url, ping, { authorization: long, 'mcp-session-id': kept })).status).toBe(200);
  });
});

describe('a date', () => {
  afterEach(() => void vi.useRealTimers());

  it('comes however far it is, also where the clock is set in the meantime', () => {
    vi.useFakeTimers({ now: 0 });
    const year = 365 * 24 * 3_600_000;
    let calls = 0;
    atDate(year, () => (calls += 1));
    vi.advanceTimersByTime(3_600_000);
    expect(calls).toBe(0);
    vi.setSystemTime(year + 1);
    vi.advanceTimersByTime(15_000);
    expect(calls).toBe(1);
    vi.advanceTimersByTime(3_600_000);
    expect(calls).toBe(1);
  });

  it('that has passed is called soon, but not at once, and not where it was called off', () => {
    vi.useFakeTimers({ now: 1_000 });
    let calls = 0;
    atDate(500, () => (calls += 1));
    atDate(500, () => (calls += 100))();
    atDate(undefined, () => (calls += 100))();
    expect(calls).toBe(0);
    vi.advanceTimersByTime(1);
    expect(calls).toBe(1);
  });
});

describe('the share of a caller without a name', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('is that of its network: %s', (ip, share) => {
    expect(shareOf({ ip, caller: { subject: null, identity: null, mayWrite: true } })).toBe(share);
  });
});
