/**
 * Recording over HTTP: MCP, plain lists, which of the two it is, and that the Authorization header stays in requests.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { listRecorded, readRecording } from '../../src/corpus/recorded.ts';
import { startHttpServer, type TestHttpServer } from '../fixtures/record/http-server.ts';
import { createWorkspace, type RecordRun, type Workspace } from '../fixtures/record/run-record.ts';
import { tools } from '../fixtures/record/tools.ts';

const credential = 'eyTest+credential/42==';
const authorization = `Bearer ${credential}`;
const env = { WIREBENCH_AUTHORIZATION: authorization };

let server: TestHttpServer;
let workspace: Workspace;
beforeAll(async () => {
  server = await startHttpServer(authorization);
});
afterAll(() => server.close());
beforeEach(() => {
  workspace = createWorkspace();
});

/** Everything that the runs of this file wrote, to be searched for the credential at the end. */
let everything = '';
afterEach(() => {
  everything += workspace.everyFile();
  workspace.remove();
});

async function record(argv: string[], given: Record<string, string> = env): Promise<RecordRun> {
  const run = await workspace.run(['--timeout', '240', ...argv], { env: given });
  everything += run.stdout + run.stderr;
  return run;
}

describe('record --url', () => {
  it('pages through a Streamable HTTP MCP server with the Authorization header', async () => {
    expect(await record(['--url', `${server.origin}/mcp?key=query-secret#fragment`])).toMatchObject({ code: 0 });
    const { items, source } = readRecording({ name: 'http-tools', directory: workspace.recordings });
    expect(JSON.stringify(items)).toBe(JSON.stringify(tools));
    expect(source).toEqual({
      kind: 'mcp-http',
      url: `${server.origin}/mcp`,
      server: { name: 'http-tools', version: '2.0.0' },
    });
    expect(workspace.everyFile()).not.toContain('query-secret');
  });

  it.each(['/array', '/cursor', '/links'])(
    'finds out that %s is a JSON list, says so and reads all of it',
    async (path) => {
      const { code, stderr } = await record(['--url', `${server.origin}${path}`, '--name', 'list']);
      expect(code).toBe(0);
      expect(stderr).toContain('does not speak MCP; reading it as a JSON list');
      const { items, source } = readRecording({ name: 'list', directory: workspace.recordings });
      expect(items).toEqual(tools);
      expect(source).toEqual({ kind: 'rest', url: `${server.origin}${path}` });
    },
  );

  it('sends nothing but GET with --rest', async () => {
    const before = server.requests.length;
    expect(await record(['--rest', '--url', `${server.origin}/cursor`])).toMatchObject({ code: 0 });
    expect(server.requests.slice(before)).toEqual(['GET /cursor', 'GET /cursor?cursor=3', 'GET /cursor?cursor=6']);
    expect(listRecorded(workspace.recordings)).toEqual(['127-0-0-1-cursor']);
  });

  it('takes the header from the variable that --auth-env names', async () => {
    const argv = ['--auth-env', 'OTHER', '--rest', '--url', `${server.origin}/array`];
    expect(await record(argv, { OTHER: authorization })).toMatchObject({ code: 0 });
    const missing = await record(argv, env);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('no Authorization header was sent');
    expect(missing.stderr).toContain('OTHER');
  });

  it.each(['/mcp', '/array'])('says that the credential for %s was not accepted, without quoting it', async (path) => {
    const wrong = `Bearer wrong-${credential}`;
    const { code, stderr } = await record(['--url', `${server.origin}${path}`], { WIREBENCH_AUTHORIZATION: wrong });
    expect(code).toBe(2);
    expect(stderr).toContain('the value of WIREBENCH_AUTHORIZATION was not accepted');
  });

  it.each([
    ['/failing', 'status 500'],
    ['/missing', 'status 404'],
    ['/page.html', 'not JSON'],
    ['/no-list', 'no list'],
    ['/two-lists', 'several lists (first, second)'],
    ['/loop', 'points back'],
    ['/other-server', 'at another server (http://elsewhere.invalid/links)'],
    ['/echo', 'holds the value of WIREBENCH_AUTHORIZATION'],
  ])('says what failed at %s, in both ways of reading it', async (path, why) => {
    for (const rest of [['--rest'], []]) {
      const { code, stderr, stdout } = await record([...rest, '--url', `${server.origin}${path}`]);
      expect(code).toBe(2);
      expect(stderr).toContain(why);
      expect(stdout).toBe('');
    }
    expect(listRecorded(workspace.recordings)).toEqual([]);
  });

  it('gives up on a server that does not answer', async () => {
    const { code, stderr } = await record(['--timeout', '1', '--url', `${server.origin}/silent`]);
    expect(code).toBe(2);
    expect(stderr).toContain('no complete answer within 1 s');
  });

  it('stops at once when it is interrupted', async () => {
    const signal = AbortSignal.timeout(300);
    const run = await workspace.run(['--url', `${server.origin}/silent`], { env, signal });
    expect(run).toMatchObject({ code: 130, stdout: '' });
  });

  it('says that nothing listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { code, stderr } = await record(['--url', `http://127.0.0.1:${port}/mcp`]);
    expect(code).toBe(2);
    expect(stderr).toContain('ECONNREFUSED');
  });

  it('refuses a header value that fetch would quote in its error', async () => {
    const { code, stderr } = await record(['--url', `${server.origin}/mcp`], {
      WIREBENCH_AUTHORIZATION: `${authorization}\nX-Other: 1`,
    });
    expect(code).toBe(2);
    expect(stderr).toContain('characters that no header may have');
  });

  it('refuses an address with a password, and does not quote it', async () => {
    const { code, stderr } = await record(['--url', `http://user:${encodeURIComponent(credential)}@127.0.0.1/`]);
    expect(code).toBe(2);
    expect(stderr).toContain('--auth-env');
  });
});

it('has written the credential nowhere in all of this', () => {
  expect(everything).toContain('"recordedAt"');
  expect(everything).toContain('was not accepted');
  for (const form of [credential, encodeURIComponent(credential)]) expect(everything).not.toContain(form);
});
