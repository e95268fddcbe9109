/**
 * Odd answers over HTTP: charsets, amounts, next pages of every kind, redirects; for plain lists and for MCP.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { listRecorded, readRecording, type Recording } from '../../src/corpus/recorded.ts';
import { createWorkspace, type Workspace } from '../fixtures/record/run-record.ts';

type Answer = (request: { cursor: string | null; response: ServerResponse; origin: string; other: string }) => void;

const json = (response: ServerResponse, body: string | Uint8Array, headers: Record<string, string> = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(body);
};
const list = (response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void =>
  json(response, JSON.stringify(body), headers);

/** Writes until nobody reads any more. */
function flood(response: ServerResponse, head: string): void {
  const chunk = ' '.repeat(65_536);
  const write = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', write);
  };
  response.write(head);
  write();
}

const lists: Readonly<Record<string, Answer>> = {
  '/latin1': ({ response }) =>
    json(response, Buffer.from('[{"name":"café"}]', 'latin1'), {
      'content-type': 'application/json; charset=ISO-8859-1',
    }),
  '/utf16': ({ response }) =>
    json(response, Buffer.from('[{"name":"café"}]', 'utf16le'), {
      'content-type': 'application/json; charset="utf-16le"',
    }),
  '/mislabelled': ({ response }) =>
    json(response, '[{"name":"café"}]', { 'content-type': 'application/json; charset=latin1' }),
  '/ascii-labelled': ({ response }) =>
    json(response, '[{"name":"cafe"}]', { 'content-type': 'application/json; charset=latin1' }),
  '/invalid': ({ response }) => json(response, Buffer.from('[{"name":"café"}]', 'latin1')),
  '/unknown-charset': ({ response }) =>
    json(response, Buffer.from('[{"name":"café"}]', 'latin1'), { 'content-type': 'application/json; charset=klingon' }),
  '/marked': ({ response }) => json(response, '\ufeff[{"name":"café"}]'),
  '/numbers': ({ response }) =>
    json(response, '{"total":12345678901234567890,"items":[{"name":"a","n":12345678901234567890,"name":"b"}]}'),
  '/number-cursor': ({ cursor, response }) =>
    list(
      response,
      cursor === null
        ? { items: [{ name: 'a' }], nextCursor: 0 }
        : { items: [{ name: `after ${cursor}` }], nextCursor: null },
    ),
  '/large-cursor': ({ response }) => json(response, '{"items":[{"name":"a"}],"next_cursor":12345678901234567890}'),
  '/object-cursor': ({ response }) => list(response, { items: [{ name: 'a' }], nextCursor: { page: 2 } }),
  '/number-address': ({ response }) => list(response, { items: [{ name: 'a' }], next: 2 }),
  '/empty-cursor': ({ cursor, response }) =>
    list(response, cursor === null ? { items: [{ name: 'a' }], nextCursor: '' } : { items: [{ name: 'b' }] }),
  '/empty-end': ({ response }) => list(response, { items: [{ name: 'a' }], nextCursor: '' }),
  '/no-more': ({ response }) =>
    list(response, { items: [{ name: 'a' }], nextCursor: false, next: '', has_more: false }),
  '/has-more': ({ response }) => list(response, { items: [{ name: 'a' }], has_more: true }),
  '/link': ({ cursor, response }) =>
    list(
      response,
      [{ name: cursor ?? 'a' }],
      cursor === null
        ? { link: '</link?cursor=0>; rel="first", </link?cursor=b>; title="x, y"; rel="last next"' }
        : { link: '</link>; rel=prev' },
    ),
  '/link-away': ({ response, other }) => list(response, [{ name: 'a' }], { link: `<${other}/link>; rel=next` }),
  '/href': ({ cursor, response }) =>
    list(response, {
      data: [{ name: cursor ?? 'a' }],
      links: { next: cursor === null ? { href: '?cursor=b' } : null },
    }),
  '/moved': ({ response }) => void response.writeHead(302, { location: '/deeper/list' }).end(),
  '/deeper/list': ({ cursor, response }) =>
    list(response, { items: [{ name: cursor ?? 'a' }], next: cursor === null ? 'list?cursor=b' : null }),
  '/moved-away': ({ response, other }) => void response.writeHead(302, { location: `${other}/away` }).end(),
  '/bomb': ({ response }) => json(response, gzipSync(`[${' '.repeat(20_000_000)}]`), { 'content-encoding': 'gzip' }),
  '/endless': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    flood(response, '[');
  },
  '/endless-failure': ({ response }) => {
    response.writeHead(500, { 'content-type': 'text/plain' });
    flood(response, 'the database is on fire');
  },
  '/broken-off': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('[{"name":');
    setTimeout(() => response.destroy(), 50);
  },
};

/** What an MCP server at such a path answers to `tools/list`; the result as JSON text. */
const catalogs: Readonly<Record<string, (cursor: string | undefined) => string | Uint8Array>> = {
  numbers: () => '{"tools":[{"name":"a","n":1e400}],"total":1e400}',
  latin1: () => Buffer.from('{"tools":[{"name":"café"}]}', 'latin1'),
  'empty-cursor': (cursor) =>
    cursor === undefined ? '{"tools":[{"name":"a"}],"nextCursor":""}' : '{"tools":[{"name":"b"}]}',
  'number-cursor': () => '{"tools":[{"name":"a"}],"nextCursor":7}',
  large: () => `{"tools":[{"name":"${'x'.repeat(3_000_000)}"}]}`,
};

async function answerMcp(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, , way = '', name = ''] = (request.url ?? '').split('/');
  if (request.method !== 'POST') return void response.writeHead(405).end();
  const { id, method, params } = JSON.parse(await text(request)) as {
    id?: number;
    method: string;
    params?: { cursor?: string; protocolVersion?: string };
  };
  if (id === undefined) return void response.writeHead(202).end();
  const result =
    method === 'initialize'
      ? JSON.stringify({
          protocolVersion: params?.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: `odd-${name}`, version: '1' },
        })
      : (catalogs[name]?.(params?.cursor) ?? '{}');
  const message = Buffer.concat([
    Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":`),
    Buffer.from(result),
    Buffer.from('}'),
  ]);
  if (way === 'json')
    return json(
      response,
      message,
      name === 'latin1' && method !== 'initialize' ? { 'content-type': 'application/json; charset=iso-8859-1' } : {},
    );
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(Buffer.concat([Buffer.from('event: message\r\ndata: '), message, Buffer.from('\r\n\r\n')]));
}

const received: string[] = [];
async function start(other: () => string): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    received.push(`${request.headers.host} ${request.url} ${request.headers.authorization ?? ''}`);
    if (url.pathname.startsWith('/mcp/')) return void answerMcp(request, response);
    if (request.method !== 'GET') return void response.writeHead(405).end();
    lists[url.pathname]?.({ cursor: url.searchParams.get('cursor'), response, origin: '', other: other() });
    if (url.pathname === '/away') list(response, { items: [{ name: 'a' }], next: '/away?cursor=b' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let main: Awaited<ReturnType<typeof start>>;
let second: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  second = await start(() => '');
  main = await start(() => second.origin);
});
afterAll(() => {
  for (const { server } of [main, second]) {
    server.closeAllConnections();
    server.close();
  }
});

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace.remove());

const run = (path: string, argv: readonly string[] = []) =>
  workspace.run(['--timeout', '240', ...argv, '--name', 'mine', '--url', `${main.origin}${path}`], {
    env: { WIREBENCH_AUTHORIZATION: 'Bearer for-the-first-server' },
  });

async function recorded(path: string, argv: readonly string[] = []): Promise<Recording> {
  const { code, stderr } = await run(path, argv);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return readRecording({ name: 'mine', directory: workspace.recordings });
}

const namesOf = ({ items }: Recording): unknown[] => items.map((item) => (item as { name: unknown }).name);

describe('a list', () => {
  it.each([
    ['/latin1', 'café', ['the answer was read as iso-8859-1, which it calls itself, and is stored as UTF-8']],
    ['/utf16', 'café', ['the answer was read as utf-16le, which it calls itself, and is stored as UTF-8']],
    ['/mislabelled', 'café', ['the answer calls itself latin1 and is UTF-8, as which it was read']],
    ['/ascii-labelled', 'cafe', undefined],
    ['/marked', 'café', undefined],
  ])('is read by its bytes and its charset: %s', async (path, name, notes) => {
    const recording = await recorded(path, ['--rest']);
    expect([namesOf(recording), recording.notes]).toEqual([[name], notes]);
  });

  it.each([
    ['/invalid', 'it is not UTF-8 text, from "[{"name":"caf'],
    ['/unknown-charset', 'it is neither UTF-8 nor klingon, which it calls itself'],
    ['/large-cursor', 'the next page is named by 12345678901234567000, which is no cursor'],
    ['/object-cursor', 'the next page is named by {"page":2}, which is no cursor'],
    ['/number-address', 'the next page is named by 2, which is no address'],
    ['/link-away', 'the next page lies at another server'],
    ['/moved-away', 'the next page lies at another server'],
    ['/bomb', 'the server sent more than 5 MB'],
    ['/endless', 'the server sent more than 5 MB'],
    ['/endless-failure', 'status 500: the database is on fire'],
    ['/broken-off', 'URL '],
  ])('that cannot be had whole ends in a refusal: %s', async (path, why) => {
    const { code, stderr } = await run(path, ['--rest', '--max-size', '5MB']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(listRecorded(workspace.recordings)).toEqual([]);
  });

  it.each([
    ['/number-cursor', ['a', 'after 0']],
    ['/empty-cursor', ['a', 'b']],
    ['/no-more', ['a']],
    ['/link', ['a', 'b']],
    ['/href', ['a', 'b']],
    ['/moved', ['a', 'b']],
  ])('is followed to its end: %s', async (path, names) => {
    const recording = await recorded(path, ['--rest']);
    expect([namesOf(recording), recording.notes]).toEqual([names, undefined]);
  });

  it.each([
    ['/empty-end', ['a'], 'an empty cursor, which gives the first page again'],
    ['/has-more', ['a'], 'the answer says that there is more (has_more) and not where; that is missing here'],
  ])('says where its end is not sure: %s', async (path, names, note) => {
    const recording = await recorded(path, ['--rest']);
    expect([namesOf(recording), recording.notes]).toEqual([names, [expect.stringContaining(note)]]);
  });

  it('says what JavaScript changes in its items, and nothing of what stands beside them', async () => {
    expect((await recorded('/numbers')).notes).toEqual([
      'page 1: a number changes on the way through JavaScript: 12345678901234567890 at /items/0/n, is written as 12345678901234567000',
      'page 1: a key comes again in the same object, where only the last value counts; the first one is /items/0/name',
    ]);
  });

  it('gives nobody else the Authorization header, whatever leads away', () => {
    const away = received.filter((line) => line.startsWith(second.origin.slice('http://'.length)));
    expect(away.length).toBeGreaterThan(0);
    expect(away.join('\n')).not.toContain('for-the-first-server');
  });
});

describe.each(['json', 'events'])('an MCP server that answers in %s', (way) => {
  it('has its cursors followed', async () => {
    const recording = await recorded(`/mcp/${way}/empty-cursor`);
    expect([namesOf(recording), recording.notes]).toEqual([['a', 'b'], undefined]);
  });

  it('has what JavaScript changes noted', async () => {
    expect((await recorded(`/mcp/${way}/numbers`)).notes).toEqual([
      'page 1: a number changes on the way through JavaScript: 1e400 at /result/tools/0/n, is written as null',
    ]);
  });

  it.each([
    ['number-cursor', 'page 1 names the next one by 7'],
    ['large', 'the server sent more than 2 MB'],
  ])('is refused at once for what cannot be recorded: %s', async (name, why) => {
    const { code, stderr } = await run(`/mcp/${way}/${name}`, ['--max-size', '2MB']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(stderr).not.toContain('reading it as a JSON list');
  });
});

it('an MCP answer with a charset is read by it, and events are UTF-8 or refused', async () => {
  const recording = await recorded('/mcp/json/latin1');
  expect([namesOf(recording), recording.notes]).toEqual([
    ['café'],
    [expect.stringContaining('was read as iso-8859-1')],
  ]);
  const { code, stderr } = await run('/mcp/events/latin1', ['--force']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('it is not UTF-8 text')]);
});
