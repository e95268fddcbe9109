/**
 * One contract for every recipe: each is a server that answers as its framework's own answers would be, with the bytes of
 * JSON.stringify.
 *
 * What a recipe does otherwise is an exception with its reason, which is in the name of its test and is tested as well.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http';
import path from 'node:path';
import { buffer, text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import contender from '../../../bench/contenders/gateway-serializer.ts';
import serializerManifest from '../../../packages/serializer/package.json' with { type: 'json' };
import rootManifest from '../../../package.json' with { type: 'json' };
import { patienceMs } from '../../patience.ts';
import { directoryOf, importedPackages, preloaded, readManifestOf } from '../projects.ts';
import { type CatalogName, catalogs } from './catalogs.ts';
import type { RecipesCommand, RecipesReply } from './child.ts';

/** Either of what every recipe can be asked for: as most routes answer, and as one with a long list does. */
type Route = 'tools' | 'export';

interface Recipe {
  readonly id: string;
  /** What is asked; a GET of the route's path where absent. */
  readonly ask?: { readonly path: string; readonly body: unknown };
  /** The value that is answered with. */
  readonly wrap?: (tools: readonly unknown[]) => unknown;
  /** Routes that send long lists in pieces; the others send them whole. */
  readonly inPieces: readonly Route[];
  /** Why it does without something that others have. */
  readonly without?: Partial<Record<'etag' | 'head' | 'length of HEAD', string>>;
}

const noEtag = { etag: 'it sends no ETag, as the framework alone would not' };

const recipes: readonly Recipe[] = [
  { id: 'express', inPieces: ['export'] },
  { id: 'fastify', inPieces: ['export'], without: noEtag },
  {
    id: 'hono',
    inPieces: ['export'],
    without: { ...noEtag, 'length of HEAD': 'Hono makes it of the body, which it has taken away by then' },
  },
  {
    id: 'mcp',
    ask: {
      path: '/mcp',
      body: { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'catalog', arguments: {} } },
    },
    wrap: (tools) => ({ result: { content: [], structuredContent: { tools } }, jsonrpc: '2.0', id: 7 }),
    inPieces: ['tools', 'export'],
    without: { etag: 'answers to POST have none', head: 'MCP asks by POST' },
  },
  { id: 'nest-express', inPieces: ['export'] },
  { id: 'nest-fastify', inPieces: ['export'], without: noEtag },
  { id: 'node-http', inPieces: ['tools', 'export'], without: noEtag },
];
const routes: readonly Route[] = ['tools', 'export'];

const example = 'recipes';
const directory = directoryOf(example);
const files = readdirSync(directory).filter((name) => name.endsWith('.ts') && name !== 'tools.ts');

let child: ChildProcess;
/** Rejects with what the process of the recipes said, where it ends before the test. */
let early: Promise<never>;
let origins: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  const program = fileURLToPath(new URL('child.ts', import.meta.url));
  child = fork(
    program,
    files.map((name) => path.join(directory, name)),
    // What frameworks say of requests that fail on purpose is nobody's to read; a crash shows as an early end.
    { env: { ...process.env, ...preloaded, NODE_ENV: 'test' }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  early = once(child, 'exit').then(([code]) => {
    throw new Error(`the recipes ended with ${String(code)}: ${said.slice(-2000)}`);
  });
  early.catch(() => {});
  const reply = await nextReply();
  if (reply.type === 'listening') ({ origins } = reply);
}, patienceMs);

afterAll(async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
});

async function nextReply(): Promise<RecipesReply> {
  const [reply] = (await Promise.race([once(child, 'message'), early])) as [RecipesReply];
  return reply;
}

/** @returns how often memory was given back until now. */
async function tell(command: RecipesCommand): Promise<number> {
  const answered = nextReply();
  if (child.connected) child.send(command);
  const reply = await answered;
  return reply.type === 'done' ? reply.recycled : 0;
}

function ask(
  recipe: Recipe,
  route: Route,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  const { url, method, headers, body } = requestOf(recipe, route);
  return fetch(url, {
    method,
    ...init,
    headers: { ...headers, ...init.headers },
    ...(body === undefined ? {} : { body }),
  });
}

function requestOf({ id, ask: asked }: Recipe, route: Route) {
  const headers = { accept: 'application/json, text/event-stream', 'accept-encoding': 'identity' };
  if (asked === undefined) return { url: `${origins[id]}/${route}`, method: 'GET', headers };
  const json = { ...headers, 'content-type': 'application/json' };
  return { url: `${origins[id]}${asked.path}`, method: 'POST', headers: json, body: JSON.stringify(asked.body) };
}

/** A request whose answer is read as slowly as the test likes. */
async function open(
  recipe: Recipe,
  route: Route,
  more: Readonly<Record<string, string>> = {},
): Promise<{ request: ClientRequest; response: IncomingMessage }> {
  const { url, method, headers, body } = requestOf(recipe, route);
  const request = openRequest(url, { method, headers: { ...headers, ...more }, agent: false });
  // Of a request that is given up.
  request.on('error', () => {});
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { request, response };
}

const texts = new Map<string, string>();

/** What JSON.stringify writes. */
function expectedOf({ id, wrap = (tools) => tools }: Recipe, catalog: CatalogName): string {
  const key = `${id} ${catalog}`;
  const text = texts.get(key) ?? JSON.stringify(wrap(catalogs[catalog]));
  texts.set(key, text);
  return text;
}

/** What `lookAt` sees of an answer that is as it should be. */
const rightAnswer = { status: 200, type: 'application/json; charset=utf-8', isWhole: true };

/** A diff of megabytes would help nobody. */
async function lookAt(response: Response, text: string): Promise<typeof rightAnswer> {
  const { status, headers } = response;
  return { status, type: headers.get('content-type') ?? '', isWhole: (await response.text()) === text };
}

it('there is a recipe for each of them', () => {
  expect(files.toSorted()).toEqual(recipes.map(({ id }) => `${id}.ts`));
});

describe.each(recipes)('the recipe $id', (recipe) => {
  const { inPieces } = recipe;

  it.each(routes)('sends a short list of /%s with its length', async (route) => {
    await tell({ catalog: 'short' });
    const response = await ask(recipe, route);
    const text = expectedOf(recipe, 'short');
    const { headers } = response;
    expect(await lookAt(response, text)).toEqual(rightAnswer);
    // A stream that ends soon may still be one.
    const lengths = [`${Buffer.byteLength(text)}`, ...(route === 'tools' ? [] : [null])];
    expect(lengths).toContain(headers.get('content-length'));
  });

  it.each(routes)('sends a long list of /%s with every byte', async (route) => {
    await tell({ catalog: 'long' });
    const response = await ask(recipe, route);
    const text = expectedOf(recipe, 'long');
    const { headers } = response;
    expect(await lookAt(response, text)).toEqual(rightAnswer);
    const length = inPieces.includes(route) ? null : `${Buffer.byteLength(text)}`;
    expect(headers.get('content-length')).toBe(length);
    expect(headers.get('transfer-encoding')).toBe(length === null ? 'chunked' : null);
  });

  it('gives the memory of a long list back', async () => {
    const before = await tell({ catalog: 'long' });
    expect(await lookAt(await ask(recipe, 'tools'), expectedOf(recipe, 'long'))).toEqual(rightAnswer);
    await vi.waitFor(async () => expect(await tell({})).toBeGreaterThan(before), { timeout: patienceMs });
  });

  it.each(routes)('answers with 500 where a list of /%s fails at first, and goes on', async (route) => {
    await tell({ catalog: 'brokenAtFirst' });
    const response = await ask(recipe, route);
    expect(response.status).toBe(500);
    await response.text();
    await tell({ catalog: 'short' });
    expect(await lookAt(await ask(recipe, route), expectedOf(recipe, 'short'))).toEqual(rightAnswer);
  });

  it.each(routes)('never ends a list of /%s that fails at last as if it were whole', async (route) => {
    await tell({ catalog: 'brokenAtLast' });
    const end = await ask(recipe, route)
      .then(async (response) => {
        await response.text();
        return response.status;
      })
      .catch(() => 'a connection that breaks');
    expect(end).toBe(inPieces.includes(route) ? 'a connection that breaks' : 500);
    await tell({ catalog: 'short' });
    expect(await lookAt(await ask(recipe, route), expectedOf(recipe, 'short'))).toEqual(rightAnswer);
  });

  it.each(routes)('outlives clients of /%s that go away', async (route) => {
    await tell({ catalog: 'longest' });
    for (let client = 0; client < 2; client += 1) {
      const { request, response } = await open(recipe, route);
      await once(response, 'data');
      request.destroy();
    }
    expect(await lookAt(await ask(recipe, route), expectedOf(recipe, 'longest'))).toEqual(rightAnswer);
  });

  it.each(routes)('answers many at once from /%s, beside one that reads slowly, each with its bytes', async (route) => {
    await tell({ catalog: 'longest' });
    const text = expectedOf(recipe, 'longest');
    // From the second one on a list is written into memory of the same size.
    for (let response = 0; response < 2; response += 1)
      expect(await lookAt(await ask(recipe, route), text)).toEqual(rightAnswer);
    const { response: slow } = await open(recipe, route);
    await tell({ catalog: 'longestReversed' });
    const reversed = expectedOf(recipe, 'longestReversed');
    const quick = Array.from({ length: 3 }, async () => lookAt(await ask(recipe, route), reversed));
    expect(await Promise.all(quick)).toEqual([rightAnswer, rightAnswer, rightAnswer]);
    expect((await buffer(slow)).equals(Buffer.from(text))).toBe(true);
  });

  it.each(routes)('can be compressed on its way from /%s', async (route) => {
    await tell({ catalog: 'long', compresses: true });
    try {
      const response = await ask(recipe, route, { headers: { 'accept-encoding': 'gzip' } });
      const { headers } = response;
      expect(await lookAt(response, expectedOf(recipe, 'long'))).toEqual(rightAnswer);
      expect(headers.get('content-encoding')).toBe('gzip');
      expect(headers.get('content-length')).toBeNull();
    } finally {
      await tell({ compresses: false });
    }
  });
});

describe.each(recipes.filter(({ without }) => without?.head === undefined))('the recipe $id', (recipe) => {
  it.each(routes)('answers HEAD of /%s as GET, without a body', async (route) => {
    await tell({ catalog: 'short' });
    const [get, head] = [await ask(recipe, route), await ask(recipe, route, { method: 'HEAD' })];
    await get.text();
    expect({ status: head.status, body: await head.text() }).toEqual({ status: 200, body: '' });
    for (const name of ['content-type', 'etag']) expect(head.headers.get(name)).toBe(get.headers.get(name));
  });

  const noLength = recipe.without?.['length of HEAD'];
  it(`says ${noLength === undefined ? 'how long' : 'not how long'} a list is to HEAD${because(noLength)}`, async () => {
    await tell({ catalog: 'short' });
    const { headers } = await ask(recipe, 'tools', { method: 'HEAD' });
    const length = noLength === undefined ? `${Buffer.byteLength(expectedOf(recipe, 'short'))}` : null;
    expect(headers.get('content-length')).toBe(length);
  });
});

describe.each(recipes.filter(({ without }) => without?.head !== undefined))('the recipe $id', (recipe) => {
  it(`has no answer to HEAD${because(recipe.without?.head)}`, async () => {
    const { status } = await fetch(requestOf(recipe, 'tools').url, { method: 'HEAD' });
    expect(status).toBe(405);
  });
});

describe.each(recipes.filter(({ without }) => without?.etag === undefined))('the recipe $id', (recipe) => {
  it('answers with 304 where the client has it already', async () => {
    await tell({ catalog: 'short' });
    const first = await ask(recipe, 'tools');
    await first.text();
    const etag = first.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    // fetch would ask for no cache as well.
    const { response } = await open(recipe, 'tools', { 'if-none-match': etag });
    expect({ status: response.statusCode, body: await readText(response) }).toEqual({ status: 304, body: '' });
  });
});

describe.each(recipes.filter(({ without }) => without?.etag !== undefined))('the recipe $id', (recipe) => {
  it(`never answers with 304${because(recipe.without?.etag)}`, async () => {
    await tell({ catalog: 'short' });
    const response = await ask(recipe, 'tools', { headers: { 'if-none-match': '*' } });
    expect(response.headers.get('etag')).toBeNull();
    expect(await lookAt(response, expectedOf(recipe, 'short'))).toEqual(rightAnswer);
  });
});

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}

it("the recipe mcp serves the SDK's own clients", async () => {
  await tell({ catalog: 'short' });
  // Two at once, since all clients share a transport.
  const clients = [new Client({ name: 'one', version: '1' }), new Client({ name: 'other', version: '1' })];
  const errors: Error[] = [];
  for (const client of clients) {
    Object.assign(client, { onerror: (error: Error) => errors.push(error) });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${origins['mcp']}/mcp`)));
  }
  for (const client of clients) {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['catalog']);
    const { structuredContent } = await client.callTool({ name: 'catalog', arguments: {} });
    expect(structuredContent).toEqual({ tools: JSON.parse(JSON.stringify(catalogs.short)) as unknown });
  }
  expect(errors).toEqual([]);
  await Promise.all(clients.map((client) => client.close()));
});

it.each(Object.entries(contender.usage.integrations ?? {}))(
  'the recipe %s does what `wirebench choose` shows for the serializer',
  (id, { statements = [] }) => {
    // What TypeScript has to be told, JavaScript does without.
    const recipe = readFileSync(path.join(directory, `${id}.ts`), 'utf8').replaceAll(
      / as string \| Uint8Array<\w+>/g,
      '',
    );
    const lines = new Set(recipe.split('\n').map((line) => line.trim()));
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter((statement) => !lines.has(statement.trim()))).toEqual([]);
  },
);

describe('the project of the recipes', () => {
  const { dependencies = {} } = readManifestOf(example);

  it('names what it imports', () => {
    // Nest imports it by itself.
    const byOthers = ['rxjs'];
    expect([...importedPackages(example), ...byOthers].toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });

  it('asks for the versions that it was tested with', () => {
    const tested: Readonly<Record<string, string>> = {
      ...rootManifest.devDependencies,
      [serializerManifest.name]: serializerManifest.version,
    };
    const majorOf = (range: string | undefined): string | undefined => /\d+/.exec(range ?? '')?.[0];
    const differing = Object.entries(dependencies).filter(([name, range]) => majorOf(range) !== majorOf(tested[name]));
    expect(differing).toEqual([]);
  });
});
