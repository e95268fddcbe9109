/**
 * Reading a document: from files of every kind, and from servers that are slow, endless, broken or curious.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { readDocument, type DocumentRequest, type ReadDocument } from '../../src/record/document.ts';
import { locateJsonError } from '../../src/record/json-error.ts';
import { UserError } from '../../src/user-error.ts';

const secret = 'Bearer tell-nobody-4711';
let folder = '';
let origin = '';
let other = '';
const servers: Server[] = [];
/** Path and Authorization header of every request. */
let requests: string[] = [];

function read(source: string, options: Partial<DocumentRequest> = {}): Promise<ReadDocument> {
  return readDocument({ source, cwd: folder, signal: new AbortController().signal, ...options });
}

/** Message and hint of the refusal; whatever it is about, the secret is not in it or in what caused it. */
async function refusal(source: string, options: Partial<DocumentRequest> = {}): Promise<string> {
  const error: unknown = await read(source, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message, hint, cause } = error as UserError;
  const all = `${message}; ${hint}`;
  for (const part of ['tell-nobody', 'hidden-user', 'hidden-password'])
    expect(`${all} ${String(cause)}`).not.toContain(part);
  return all;
}

const answers: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
  '/api/My%20Tools.json': (response) => response.setHeader('content-type', 'application/json').end('\uFEFF{"a": 1}'),
  '/named': (response) =>
    response.setHeader('content-type', 'application/json; charset=ISO-8859-1').end(Buffer.from('{"a": "é"}', 'latin1')),
  '/klingon': (response) =>
    response.setHeader('content-type', 'application/json; charset=klingon').end(Buffer.from('{"a": "é"}', 'latin1')),
  '/plain': (response) => response.setHeader('content-type', 'text/plain').end('[1]'),
  '/page': (response) => response.setHeader('content-type', 'text/html').end('<html>'),
  '/echo': (response, request) => response.end(`"${request.headers.authorization}" ?`),
  '/empty': (response) => response.end(''),
  '/missing': (response) => response.writeHead(404).end('{}'),
  '/closed': (response) => response.writeHead(401).end('{}'),
  '/cut': (response) => {
    response.setHeader('content-length', 1000).write('{"a": ');
    setTimeout(() => response.destroy(), 20);
  },
  '/half': (response) => response.end('{"a": [1, '),
  '/endless': (response) => {
    const timer = setInterval(() => response.write('1'.repeat(10_000)), 1);
    response.on('close', () => clearInterval(timer));
  },
  '/bomb': (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('1'.repeat(1_000_000))),
  '/liar': (response) => response.setHeader('content-encoding', 'gzip').end('not gzip'),
  '/silent': () => {},
  '/latin1': (response) => response.end(Buffer.from('"\u00e9"', 'latin1')),
  '/to-array': (response) => response.writeHead(302, { location: '/plain' }).end(),
  '/to-other': (response) => response.writeHead(307, { location: `${other}/plain` }).end(),
  '/there-and-back': (response) => response.writeHead(307, { location: `${other}/back` }).end(),
  '/back': (response) => response.writeHead(307, { location: `${origin}/plain` }).end(),
  '/loop': (response) => response.writeHead(301, { location: '/loop' }).end(),
  '/to-file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/to-user': (response) =>
    response.writeHead(302, { location: 'http://hidden-user:hidden-password@127.0.0.1/' }).end(),
};

async function start(): Promise<string> {
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.authorization ?? 'none'}`);
    const answer = answers[(request.url ?? '/').replace(/\?.*/, '')];
    if (answer === undefined) response.writeHead(500).end();
    else answer(response, request);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'wirebench-document-'));
  mkdirSync(path.join(folder, 'inner'));
  const files = {
    'inner/My Tools_v2.json': '{"a": 1}',
    'bom.geojson': '\uFEFF[1]',
    'empty.json': ' \n',
    'broken.json': '{\n  "a": 1,\n}',
    '\u4e2d.json': '1',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  writeFileSync(path.join(folder, 'latin1.json'), Buffer.from('"\u00e9"', 'latin1'));
  [origin, other] = [await start(), await start()];
});
beforeEach(() => {
  requests = [];
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});

describe('a file', () => {
  it('is read as it is, and gives the payload its name', async () => {
    expect(await read('inner/My Tools_v2.json')).toEqual({
      text: '{"a": 1}',
      name: 'my-tools-v2',
      described: path.join('inner', 'My Tools_v2.json'),
    });
  });

  it('may begin with a byte order mark, which is taken off', async () => {
    expect(await read('bom.geojson')).toMatchObject({ text: '[1]', name: 'bom' });
  });

  it('is called a document where its name has no letter for an id, and does not give its directories away', async () => {
    expect(await read(path.join(folder, '\u4e2d.json'), { cwd: path.join(folder, 'inner') })).toEqual({
      text: '1',
      name: 'document',
      described: '\u4e2d.json',
    });
  });

  it.each([
    ['is missing', 'none.json', /none\.json: there is no such file; check the path/],
    ['is a directory', 'inner', /inner: it is a directory/],
    ['is empty', 'empty.json', /it is empty/],
    ['is not UTF-8', 'latin1.json', /it is not UTF-8/],
    ['is not JSON', 'broken.json', /it is not JSON at line 3, column 1: .*double-quoted property name/],
  ])('that %s is refused', async (_, source, reason) => {
    expect(await refusal(source)).toMatch(reason);
  });

  it('that is larger than the limit is refused', async () => {
    expect(await refusal('broken.json', { limits: { fileBytes: 5 } })).toMatch(/larger than 0\.000005 MB/);
  });

  it.skipIf(process.platform === 'win32')('that may never end is refused', async () => {
    expect(await refusal('/dev/zero')).toMatch(/it is not a regular file/);
  });
});

describe('an address', () => {
  it('is read, named and described without its query', async () => {
    expect(await read(`${origin}/api/My%20Tools.json?token=tell-nobody`)).toEqual({
      text: '{"a": 1}',
      name: 'my-tools',
      described: `${origin}/api/My%20Tools.json`,
    });
  });

  it('may say any content type as long as it is JSON, and follows redirects', async () => {
    expect(await read(`${origin}/to-array`)).toMatchObject({ text: '[1]', name: 'to-array' });
  });

  it('is read by the charset that it names, with a note', async () => {
    expect(await read(`${origin}/named`)).toMatchObject({
      text: '{"a": "é"}',
      notes: ['the answer was read as iso-8859-1, which it calls itself, and is stored as UTF-8'],
    });
  });

  it('gets the Authorization value, and no other server does, nor the first one after another', async () => {
    await read(`${origin}/to-array`, { authorization: secret });
    await read(`${origin}/to-other`, { authorization: secret });
    await read(`${origin}/there-and-back`, { authorization: secret });
    expect(requests).toEqual([
      `/to-array ${secret}`,
      `/plain ${secret}`,
      `/to-other ${secret}`,
      '/plain none',
      `/there-and-back ${secret}`,
      '/back none',
      '/plain none',
    ]);
  });

  it.each([
    ['is no page of JSON', '/page', /it is not JSON at line 1, column 1.*its content type is "text\/html"/],
    ['echoes what it was sent', '/echo', /it is not JSON at line 1, column \d+/],
    ['is empty', '/empty', /it is empty/],
    ['is not found', '/missing', /status 404/],
    ['is closed to us', '/closed', /status 401; the Authorization value was not accepted/],
    ['breaks off', '/cut', /the answer broke off/],
    ['ends too early', '/half', /it is not JSON at line 1, column 11/],
    ['is not what it says', '/liar', /(?:broke off|header)/],
    ['is not UTF-8', '/latin1', /it is not UTF-8/],
    ['is not in the charset that it names', '/klingon', /it is neither UTF-8 nor klingon/],
    ['redirects for ever', '/loop', /more than 5 redirects/],
    ['redirects to a file', '/to-file', /the scheme "file": only http and https/],
    ['redirects with a password', '/to-user', /the address holds a user or a password/],
  ])('that %s is refused', async (_, where, reason) => {
    expect(await refusal(`${origin}${where}`, { authorization: secret })).toMatch(reason);
  });

  it.each(['/endless', '/bomb'])('is counted while it is read: %s', async (where) => {
    expect(await refusal(`${origin}${where}`, { limits: { urlBytes: 100_000 } })).toMatch(/larger than 0\.1 MB/);
  });

  it('that does not answer in time is given up, and so it is on an interrupt', async () => {
    expect(await refusal(`${origin}/silent`, { limits: { timeoutMs: 50 } })).toMatch(
      /no complete answer within 0\.05 s/,
    );
    expect(await refusal(`${origin}/silent`, { signal: AbortSignal.timeout(50) })).toMatch(/interrupted/);
  });

  it.each([
    ['ftp://example.com/a.json', /the scheme "ftp": only http and https are read; download it/],
    ['file:///etc/passwd', /the scheme "file".*give the path of the file/],
    [
      'http://hidden-user:hidden-password@127.0.0.1:9/x.json',
      /http:\/\/127\.0\.0\.1:9\/x\.json: the address holds a user or a password/,
    ],
    ['https://', /it is not valid/],
    ['http://127.0.0.1:9/?token=tell-nobody', /http:\/\/127\.0\.0\.1:9\/: /],
  ])('%s is refused', async (source, reason) => {
    expect(await refusal(source)).toMatch(reason);
  });

  it('is asked for nothing with an Authorization value that is no header', async () => {
    expect(await refusal(`${origin}/plain`, { authorization: `${secret}\nx: y` })).toMatch(
      /cannot be sent in a header/,
    );
    expect(requests).toEqual([]);
  });
});

describe('locateJsonError', () => {
  it.each([
    ['', 'line 1, column 1'],
    ['{"a": }', 'line 1, column 7'],
    ['[1,\n 2,\n x]', 'line 3, column 2'],
    ['[1, 2] 3', 'line 1, column 8'],
    ['{"a" 1}', 'line 1, column 6'],
    ['{a: 1}', 'line 1, column 2'],
    ['[1, ]', 'line 1, column 5'],
    ['{"a": 1, }', 'line 1, column 10'],
    ['[01]', 'line 1, column 3'],
    ['"a\\x"', 'line 1, column 3'],
    ['"a\u0001"', 'line 1, column 3'],
    ['"open', 'line 1, column 6'],
    ['[1}', 'line 1, column 3'],
    [']', 'line 1, column 1'],
    ['NaN', 'line 1, column 1'],
    ['[-]', 'line 1, column 2'],
  ])('finds what is wrong with %j', (text, place) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(locateJsonError(text)).toBe(place);
  });

  it('takes any size and depth', () => {
    expect(locateJsonError(`${'['.repeat(100_000)}"${'a'.repeat(1_000_000)}\\u00"`)).toBe('line 1, column 1100002');
  });
});
