/**
 * `wirebench hey` against small servers: every request is sent and accounted for, whatever the servers do.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { HeyResult } from '../../src/hey/result.ts';
import { failedText, mixedText } from '../hey/hey-text.ts';
import { answerMcp, type SeenRequest, sendJson, startRawServer, startServer } from '../hey/start-servers.ts';
import { type Invocation, invoke, words } from './invoke.ts';

const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'one', arguments: {} } };
const result = { jsonrpc: '2.0', id: 1, result: { content: [] } };

interface Called extends Invocation {
  readonly directory: string;
  readonly logs: readonly string[];
}

/** Calls it in a directory of its own that has a payload. */
async function hey(
  line: string,
  options: Parameters<typeof invoke>[1] & { more?: readonly string[] } = {},
): Promise<Called> {
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
  writeFileSync(path.join(directory, 'call.json'), JSON.stringify(call));
  const { more = [], ...rest } = options;
  const invocation = await invoke(['hey', ...words(line), ...more], { cwd: directory, ...rest });
  return { ...invocation, directory, logs: readdirSync(directory).filter((name) => name.endsWith('.log')) };
}

async function heyJson(line: string, options: Parameters<typeof hey>[1] = {}) {
  const called = await hey(`${line} --json`, options);
  const parsed = JSON.parse(called.stdout) as HeyResult;
  const { sent, answered, failures, abandoned } = parsed.asked.figures;
  const failed = Object.fromEntries(failures.map(({ kind, count }) => [kind, count]));
  return { ...called, parsed, sent, answered, abandoned, failed };
}

describe('wirebench hey: what is sent', () => {
  it('sends exactly as many as asked for, also where they do not divide among connections', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const called = await hey(`-n 57 -c 5 -d call.json -u ${server.url}/rpc`);
    expect(called.code).toBe(0);
    expect(server.seen).toHaveLength(57);
    expect(server.connections()).toBe(5);
    expect(new Set(server.seen.map(({ body }) => body))).toEqual(new Set([JSON.stringify(call)]));
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/rpc',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    });
    expect(called.stdout).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/rpc \(call\.json, \d+ bytes\)$/m);
    expect(called.stdout).toMatch(/^sent +57$/m);
    expect(called.stdout).toMatch(/^answered +57$/m);
    expect(called.stdout).toMatch(/^failed +0$/m);
    expect(called.stdout).toMatch(/^p99 +not known$/m);
    expect(called.stdout).toMatch(/^statuses +57 x 200$/m);
    for (const metric of ['requests/s:', 'p95, p99:', 'non-2xx:']) expect(called.stdout).toContain(metric);
    // The report is in the log, with what it was made with.
    expect(called.logs).toHaveLength(1);
    expect(called.logs[0]).toMatch(/^hey-\d{8}_\d{6}\.log$/);
    const log = readFileSync(path.join(called.directory, called.logs[0] as string), 'utf8');
    expect(log).toContain(called.stdout);
    expect(log).toMatch(/^over +5 connections$/m);
    expect(called.stderr).toContain(called.logs[0]);
  });

  it('opens no more connections than there are requests, and says so', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const { code, stderr } = await hey(`-n 3 -c 10 -d call.json -u ${server.url}`);
    expect({ code, sent: server.seen.length, connections: server.connections() }).toEqual({
      code: 0,
      sent: 3,
      connections: 3,
    });
    expect(stderr).toContain('-c 10 is not reached');
  });

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])(
    'sends a %s without a payload, and with one where it is given',
    async (method) => {
      const server = await startServer((_, response) => response.writeHead(200).end());
      expect((await hey(`-n 2 -c 1 -X ${method.toLowerCase()} -u ${server.url}/tools?limit=1`)).code).toBe(0);
      expect(server.seen[0]).toMatchObject({ method, path: '/tools?limit=1', body: '' });
      expect(server.seen[0]?.headers).not.toHaveProperty('content-type');
      expect(server.seen[0]?.headers).not.toHaveProperty('content-length');
      if (method === 'HEAD') return;
      await hey(`-n 1 -c 1 -X ${method} -d call.json -T text/plain -u ${server.url}`, {});
      expect(server.seen.at(-1)).toMatchObject({
        body: JSON.stringify(call),
        headers: { 'content-type': 'text/plain' },
      });
    },
  );

  it('sends headers as they were typed, and a token of the environment', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const more = ['-H', 'X-One: a b', '-H', 'Accept: application/json', '-H', 'Host: gateway.example'];
    await hey(`-n 1 -c 1 -d call.json -u ${server.url} --token-env TOKEN`, { more, env: { TOKEN: 'abc' } });
    expect(server.seen[0]?.headers).toMatchObject({
      'x-one': 'a b',
      accept: 'application/json',
      host: 'gateway.example',
      authorization: 'Bearer abc',
    });
  });

  it('calls a tool of the server where no payload is given', async () => {
    const server = await startServer((request, response) => answerMcp(request, response));
    const { code, stdout, stderr } = await hey(`-n 10 -c 2 -u ${server.url}/rpc`);
    expect(code).toBe(0);
    expect(stdout).toContain('(tools/call of first-tool)');
    expect(stderr).toContain('with tools/call of first-tool');
    expect(server.seen.filter(({ body }) => body.includes('tools/call'))).toHaveLength(10 + 1);
  });

  it('sends for a time, and waits for what is under way', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const { code, sent, answered } = await heyJson(`-z 200ms -c 2 -d call.json -u ${server.url}`);
    expect(code).toBe(0);
    expect(answered).toBe(sent);
    expect(server.seen).toHaveLength(sent);
  });

  it('keeps to a rate', async () => {
    const times: number[] = [];
    const server = await startServer((_, response) => {
      times.push(performance.now());
      sendJson(response, result);
    });
    await hey(`-n 4 -c 1 -q 20 -d call.json -u ${server.url}`);
    // Three intervals of 50 ms; a timer may come a little early, and no machine makes them shorter.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(120);
  });

  it('sends nothing in a dry run, and hides what is secret', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const more = ['-H', 'Cookie: id=s3cret-cookie', '-H', 'X-Plain: shown'];
    const line = `-n 20 -c 2 --dry-run --token-env TOKEN -u ${server.url}/rpc?api_key=s3cret-key`;
    for (const engine of ['closed-loop', 'hey']) {
      const { code, stdout, stderr, logs } = await hey(`${line} --engine ${engine}`, {
        more,
        env: { TOKEN: 's3cret-token' },
      });
      expect(code).toBe(0);
      expect(stdout + stderr).not.toContain('s3cret');
      expect(stdout).toMatch(/^headers +User-Agent: wirebench$/m);
      expect(stdout).toMatch(/Cookie: \*\*\*$/m);
      expect(stdout).toMatch(/Authorization: \*\*\*$/m);
      expect(stdout).toMatch(/X-Plain: shown$/m);
      expect(stdout).toContain('Nothing was sent.');
      expect(stdout.includes('command     hey -n 20 -c 2 -m POST')).toBe(engine === 'hey');
      expect(logs).toEqual([]);
    }
    expect(server.seen).toEqual([]);
  });
});

describe('wirebench hey: what counts as an answer', () => {
  it('counts each kind of failure, and all of them together', async () => {
    const answers: ((request: SeenRequest, response: Parameters<Parameters<typeof startServer>[0]>[1]) => void)[] = [
      (_, response) => sendJson(response, result),
      (_, response) => sendJson(response, { detail: 'broken' }, 500),
      (_, response) => sendJson(response, { jsonrpc: '2.0', id: 1, error: { code: -32603, message: 'inside' } }),
      (_, response) =>
        sendJson(response, { ...result, result: { isError: true, content: [{ type: 'text', text: 'no' }] } }),
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":1,'),
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end('data: {"jsonrpc":"2.0","id":1,"error":{"code":-32000}}\n\n'),
      (_, response) =>
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(result)}\n\n`),
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(),
      (request) => request,
    ];
    const server = await startServer((request, response, index) => answers[index % 8]?.(request, response));
    const { code, sent, answered, failed, parsed } = await heyJson(`-n 80 -c 7 -d call.json -u ${server.url}`);
    expect(code).toBe(1);
    expect({ sent, answered, failed }).toEqual({
      sent: 80,
      answered: 20,
      failed: {
        'HTTP 500': 10,
        'JSON-RPC error -32603': 10,
        'JSON-RPC error -32000': 10,
        isError: 10,
        'body that is no JSON': 10,
        'empty body': 10,
      },
    });
    expect(parsed.asked.figures.statuses).toEqual({ 200: 70, 500: 10 });
    expect(parsed.asked.figures.failures.find(({ kind }) => kind === 'JSON-RPC error -32603')?.example).toBe('inside');
  });

  it('names failures in its report, and shows nothing of a server that could move a cursor', async () => {
    const server = await startServer((_, response) =>
      sendJson(response, { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'a\u001b[2J\nb' } }),
    );
    const { code, stdout } = await hey(`-n 4 -c 2 -d call.json -u ${server.url}`);
    expect(code).toBe(1);
    expect(stdout).toContain('4 x JSON-RPC error 1, e.g. "a b"');
    expect(stdout).toContain('4 failed without such a status');
    expect(stdout).toMatch(/^p50 +–$/m);
  });

  it('counts bodies that are cut off by the end of a connection', async () => {
    const { url } = await startRawServer((socket, index) => {
      if (index % 2 === 0) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"jsonrpc":');
      else socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"js');
    });
    const { sent, failed } = await heyJson(`-n 10 -c 1 -d call.json -u ${url}`);
    expect({ sent, failed }).toEqual({ sent: 10, failed: { 'connection closed inside an answer': 10 } });
  });

  it('reads long answers that come in pieces', async () => {
    const text = 'x'.repeat(300_000);
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"jsonrpc":"2.0","id":1,"result":["');
      for (let piece = 0; piece < 5; piece += 1) response.write(text);
      response.end('"]}');
    });
    const { code, answered, parsed } = await heyJson(`-n 20 -c 4 -d call.json -u ${server.url}`);
    expect({ code, answered }).toEqual({ code: 0, answered: 20 });
    expect(parsed.asked.figures.receivedBytes).toBeGreaterThan(20 * 5 * text.length);
  });

  it('gives up connections that a server is about to close, and loses no request by it', async () => {
    const server = await startServer((_, response) => sendJson(response, result), { keepAliveTimeout: 1000 });
    const { code, answered } = await heyJson(`-n 3 -c 1 -q 1 -d call.json -u ${server.url}`);
    expect({ code, answered, connections: server.connections() }).toEqual({ code: 0, answered: 3, connections: 3 });
  });

  it('goes on where a server announces that it closes each connection', async () => {
    const server = await startServer((_, response) => {
      response.setHeader('connection', 'close');
      sendJson(response, result);
    });
    const { code, answered } = await heyJson(`-n 20 -c 4 -d call.json -u ${server.url}`);
    expect({ code, answered, connections: server.connections() }).toEqual({ code: 0, answered: 20, connections: 20 });
  });

  it('accounts for requests that a server closes its connection on', async () => {
    const { url } = await startRawServer((socket) => socket.destroy());
    const { code, sent, answered, failed } = await heyJson(`-n 20 -c 4 -d call.json -u ${url}`);
    expect({ code, sent, answered, failed }).toEqual({
      code: 1,
      sent: 20,
      answered: 0,
      failed: { 'connection closed before an answer': 20 },
    });
  });

  it('opens a connection for each request where it is told to', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const { answered } = await heyJson(`-n 9 -c 2 --disable-keepalive -d call.json -u ${server.url}`);
    expect({ answered, connections: server.connections() }).toEqual({ answered: 9, connections: 9 });
    expect(server.seen[0]?.headers.connection).toBe('close');
  });

  it('counts requests that hang as timeouts, and takes a new connection for the next', async () => {
    const server = await startServer((_, response, index) => {
      if (index > 1) sendJson(response, result);
    });
    const { code, answered, failed } = await heyJson(`-n 6 -c 2 -t 1 -d call.json -u ${server.url}`);
    expect({ code, answered, failed }).toEqual({ code: 1, answered: 4, failed: { timeout: 2 } });
  });
});

describe('wirebench hey: Ctrl-C', () => {
  it('reports and logs what was measured until then', async () => {
    const abort = new AbortController();
    const server = await startServer((_, response, index) => {
      if (index < 10) sendJson(response, result);
      else abort.abort();
    });
    const { code, sent, answered, abandoned, parsed, directory, logs } = await heyJson(
      `-n 1000 -c 2 -t 0 -d call.json -u ${server.url}`,
      { signal: abort.signal },
    );
    expect(code).toBe(130);
    expect(parsed.interrupted).toBe(true);
    expect(answered).toBe(10);
    expect(sent).toBe(answered + abandoned);
    expect(logs).toHaveLength(1);
    expect(readFileSync(path.join(directory, logs[0] as string), 'utf8')).toContain('Interrupted');
  });

  it('ends at once while the server is still asked for a payload', async () => {
    const abort = new AbortController();
    const server = await startServer(() => abort.abort());
    const { code, stderr, logs } = await hey(`-u ${server.url}`, { signal: abort.signal });
    expect({ code, logs }).toEqual({ code: 130, logs: [] });
    expect(stderr).toContain('interrupted before the load began');
  });
});

describe('wirebench hey: a gateway and what is behind it', () => {
  it('compares both in windows, and tells no secret to the server', async () => {
    const order: string[] = [];
    const gateway = await startServer((request, response) => {
      order.push('gateway');
      answerMcp(request, response, ['server-tool']);
    });
    const server = await startServer((request, response) => {
      order.push('server');
      answerMcp(request, response, ['tool']);
    });
    const { code, stdout, stderr } = await hey(
      `-n 10 -c 2 -u ${gateway.url}/rpc --direct ${server.url}/mcp --token-env TOKEN`,
      {
        env: { TOKEN: 's3cret-token' },
        more: ['-H', 'X-Api-Key: s3cret-key', '-H', 'X-Plain: shown'],
      },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sent +10 +10$/m);
    expect(stdout).toMatch(/^The gateway adds .* to the median/m);
    expect(stdout).toContain('4 windows of each');
    expect(stdout).toContain('(tools/call of server-tool)');
    expect(stdout + stderr).not.toContain('s3cret');
    // A list and a call to find the payload, a rehearsal, and four windows.
    const rehearsal = 2;
    expect([gateway, server].map(({ seen }) => seen.length)).toEqual([2 + rehearsal + 10, 2 + rehearsal + 10]);
    expect(gateway.seen[0]?.headers).toMatchObject({ authorization: 'Bearer s3cret-token', 'x-api-key': 's3cret-key' });
    for (const { headers } of server.seen) {
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('x-api-key');
      expect(headers).toMatchObject({ 'x-plain': 'shown' });
    }
    // Two, then three, of each, and every other time the other way round.
    const changes = order.slice(4 + 2 * rehearsal).filter((name, index, all) => index > 0 && name !== all[index - 1]);
    expect(changes).toEqual(['server', 'gateway', 'server', 'gateway']);
  });

  it('takes payloads and a token for the server', async () => {
    const gateway = await startServer((_, response) => sendJson(response, result));
    const server = await startServer((_, response) => sendJson(response, result));
    await hey(`-n 4 -c 1 -d call.json -u ${gateway.url} --direct ${server.url} --direct-token-env OTHER`, {
      env: { OTHER: 'abc' },
    });
    expect(server.seen[0]).toMatchObject({ body: JSON.stringify(call), headers: { authorization: 'Bearer abc' } });
  });
});

describe('wirebench hey: secrets', () => {
  it('are in no report, log, progress or message, also where the server repeats them', async () => {
    const server = await startServer(({ headers }, response) => {
      sendJson(response, { jsonrpc: '2.0', id: 1, error: { code: 1, message: `bad ${headers.authorization}` } });
    });
    const line = `-n 3 -c 1 -d call.json -u ${server.url}/?token=s3cret-query`;
    const { stdout, stderr, directory, logs } = await hey(line, { more: ['-H', 'Authorization: Bearer s3cret-token'] });
    const log = readFileSync(path.join(directory, logs[0] as string), 'utf8');
    expect(server.seen[0]?.headers.authorization).toBe('Bearer s3cret-token');
    expect(stdout + stderr + log).not.toContain('s3cret');
    expect(stdout).toContain('e.g. "bad ***"');
    expect(log).toContain('Authorization: ***');
    expect(stderr).toContain('-H has a secret (Authorization)');
  });
});

describe('wirebench hey: the engine hey', () => {
  /** A directory with a program of that name that does what a shell does with these lines. */
  function fakeHey(...lines: readonly string[]): { PATH: string } {
    const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    writeFileSync(path.join(directory, 'text'), mixedText);
    writeFileSync(path.join(directory, 'failed'), failedText);
    const program = path.join(directory, 'hey');
    writeFileSync(program, ['#!/bin/sh', `cd ${directory}`, ...lines].join('\n'));
    chmodSync(program, 0o755);
    return { PATH: `${directory}:/usr/bin:/bin` };
  }

  it('is given what was asked for, and read', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const env = { ...fakeHey('printf "%s\\n" "$@" > arguments', 'for last; do true; done', 'cat text'), TOKEN: 'abc' };
    const called = await hey(
      `-n 1000 -c 50 -t 5 -q 7 -d call.json --engine hey --token-env TOKEN -u ${server.url}/rpc`,
      { env },
    );
    expect(called.code).toBe(1);
    const given = readFileSync(path.join(env.PATH.split(':')[0] as string, 'arguments'), 'utf8').split('\n');
    const valueOf = (option: string): string | undefined => given[given.indexOf(option) + 1];
    expect(['-n', '-c', '-m', '-t', '-q'].map(valueOf)).toEqual(['1000', '50', 'POST', '5', '7']);
    expect(given).toContain('authorization: Bearer abc');
    expect(called.stdout).toMatch(/^answered +980$/m);
    expect(called.stdout).toMatch(/^p99 +500 ms$/m);
    expect(called.stdout).toMatch(/^p99\.9 +not known$/m);
    expect(called.stdout).toContain('Mind: hey looks at no body');
    expect(called.stderr).toContain('hey gets a secret (Authorization) in its arguments');
    expect(readFileSync(path.join(called.directory, called.logs[0] as string), 'utf8')).toContain(
      'Latency distribution',
    );
  });

  it('reads a load of which nothing was answered', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const { code, failed } = await heyJson(`-d call.json --engine hey -u ${server.url}`, {
      env: fakeHey('cat failed'),
    });
    expect({ code, failed }).toEqual({ code: 1, failed: { ECONNREFUSED: 200 } });
  });

  it('ends with Ctrl-C and says what it has measured', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const abort = new AbortController();
    const env = fakeHey('trap "cat text; exit 0" INT', 'touch started', 'while :; do sleep 0.05; done');
    const started = path.join(env.PATH.split(':')[0] as string, 'started');
    const timer = setInterval(() => (existsSync(started) ? abort.abort() : undefined), 20);
    const { code, answered } = await heyJson(`-d call.json --engine hey -u ${server.url}`, {
      env,
      signal: abort.signal,
    });
    clearInterval(timer);
    expect({ code, answered }).toEqual({ code: 130, answered: 980 });
  });

  it('that is missing is told in one line with what installs it', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const { code, stdout, stderr } = await hey(`-d call.json --engine hey -u ${server.url}`, {
      env: { PATH: '/nowhere' },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n').at(-1)).toContain('apt-get install hey');
  });

  it('that prints no figures is told', async () => {
    const server = await startServer((_, response) => sendJson(response, result));
    const { code, stderr } = await hey(`-d call.json --engine hey -u ${server.url}`, { env: fakeHey('exit 3') });
    expect(code).toBe(2);
    expect(stderr).toContain('hey ended with exit code 3 without figures');
  });
});

describe('wirebench hey: bad input', () => {
  it.each<[string, string[], string]>([
    ['no requests', ['-n', '0'], 'not a whole number from 1'],
    ['half a request', ['-n', '1.5'], 'not a whole number from 1'],
    ['no connections', ['-c', '0'], 'not a whole number from 1'],
    ['no time', ['-z', '0s'], 'not a length of time'],
    ['a time without a unit', ['-z', '10'], 'not a length of time'],
    ['no rate', ['-q', '0'], 'not a number of requests a second above 0'],
    ['a time limit that is none', ['-t', '-1'], 'not a whole number from 0'],
    ['an unknown method', ['-X', 'FETCH'], "'FETCH' is not one of GET, HEAD"],
    ['a file that is not there', ['-d', 'none.json'], 'cannot read the payload "none.json": there is no such file'],
    ['a directory', ['-d', '.'], 'it is a directory'],
    ['what is no address', ['-u', 'nonsense'], 'no http or https address'],
    ['an address without a scheme', ['-u', 'localhost:4444/rpc'], 'no http or https address'],
    ['another scheme', ['-u', 'ftp://localhost/'], 'no http or https address'],
    ['an address with a password', ['-u', 'http://me:s3cret@localhost/'], 'holds credentials'],
    ['another host', ['-u', 'http://example.org/'], 'it is not this machine'],
    ['another host behind the gateway', ['--direct', 'http://example.org/'], 'it is not this machine'],
    ['a header without a colon', ['-H', 'Bearer s3cret'], 'it has no colon'],
    ['a header with a line break', ['-H', 'X-A: s3cret\nX-B: c'], 'no header can have'],
    ['a token that is not there', ['--token-env', 'NO_SUCH_TOKEN'], '"NO_SUCH_TOKEN" is not set'],
    ['an unknown engine', ['--engine', 'ab'], 'Allowed choices are closed-loop, hey'],
    ['a payload of a server that is not given', ['--direct-data', 'call.json'], '--direct-data goes with --direct'],
    ['a comparison by hey', ['--engine', 'hey', '--direct', 'http://127.0.0.1:1/'], 'cannot compare two servers'],
    ['a PUT without a payload', ['-X', 'PUT'], 'cannot send a PUT without a payload'],
    ['a log in a directory that is not there', ['-l', 'none/a.log'], 'there is no such directory'],
    ['an unknown option', ['--request', '5'], '--requests'],
    ['a server that is not there', ['-u', 'http://127.0.0.1:1/'], 'cannot reach 127.0.0.1:1: nothing listens there'],
  ])('%s is a message and exit code 2', async (_what, more, message) => {
    const { code, stdout, stderr, logs } = await hey('-T application/json', { more });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^wirebench: /m);
    expect(stderr).not.toContain('s3cret');
    expect({ code, stdout, logs }).toEqual({ code: 2, stdout: '', logs: [] });
  });

  it('says its options and exit codes', async () => {
    const { code, stdout } = await invoke(['hey', '-h']);
    expect(code).toBe(0);
    for (const option of [
      '-n, --requests',
      '-c, --concurrency',
      '-X, --method',
      '-T, --content-type',
      '-H, --header',
      '-d, --data',
      '-u, --url',
      '-l, --log',
      '--dry-run',
      '-h, --help',
    ])
      expect(stdout).toContain(option);
    expect(stdout).toContain('Exit code 1 where a request failed');
  });
});
