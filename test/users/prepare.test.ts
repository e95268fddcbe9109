import { describe, expect, it } from 'vitest';

import type { UserTask, WeightedUserClass } from '../../src/model/users.ts';
import { asksForToken, type Prepared, prepareLoad } from '../../src/users/prepare.ts';
import { answerJson, startTestServer, type TestServer } from './test-server.ts';

function prepare(server: Pick<TestServer, 'url'>, tasks: readonly UserTask[]): Promise<Prepared> {
  const userClass: WeightedUserClass = {
    name: 'Tester',
    title: 'a test',
    weight: 1,
    tasks,
    wait: { kind: 'between', minSeconds: 0, maxSeconds: 1 },
  };
  return prepareLoad({
    classes: [userClass],
    address: { url: server.url, headers: {} },
    timeoutMs: 2000,
    makeName: () => 'name',
    signal: new AbortController().signal,
  });
}

const read = (path: string, check: 'json' | 'list' = 'json'): UserTask => ({
  name: `GET ${path}`,
  weight: 1,
  steps: [{ method: 'GET', path, check }],
});
const ask = (method: string): UserTask => ({
  name: method,
  weight: 1,
  steps: [{ method: 'POST', path: '/rpc', body: { jsonrpc: '2.0', id: 1, method }, check: 'rpc' }],
});

describe('before a load', () => {
  it('a task without its route takes no part, and neither does one for which there is nothing', async () => {
    await using server = await startTestServer(({ url, body }, response) => {
      if (url === '/missing') answerJson(response, {}, 404);
      else if (url === '/servers') answerJson(response, []);
      else if (url === '/rpc' && body.includes('unknown'))
        answerJson(response, { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'no' } });
      else answerJson(response, { result: {} });
    });
    const tasks = [read('/there'), read('/missing'), read('/servers/{servers.id}'), ask('unknown'), ask('known')];
    const { classes, unavailable, doubtful } = await prepare(server, tasks);
    expect(unavailable).toEqual([
      { userClass: 'Tester', task: 'GET /missing', reason: 'GET /missing answered HTTP 404' },
      { userClass: 'Tester', task: 'GET /servers/{servers.id}', reason: 'there are no servers' },
      { userClass: 'Tester', task: 'unknown', reason: 'POST /rpc answered JSON-RPC error -32601' },
    ]);
    expect(classes[0]?.tasks.map(({ name }) => name)).toEqual(['GET /there', 'known']);
    expect(doubtful).toEqual([]);
  });

  it('a task that fails otherwise takes part, and is named', async () => {
    await using server = await startTestServer(({ url }, response) =>
      answerJson(response, {}, url === '/broken' ? 500 : 200),
    );
    const { classes, doubtful } = await prepare(server, [read('/broken'), read('/fine')]);
    expect(classes[0]?.tasks).toHaveLength(2);
    expect(doubtful).toEqual(['Tester, GET /broken: HTTP 500']);
  });

  it('a list that is empty may stay so, and one that is not must not become empty', async () => {
    await using server = await startTestServer(({ url }, response) => answerJson(response, url === '/full' ? [1] : []));
    const { classes } = await prepare(server, [read('/full', 'list'), read('/empty', 'list')]);
    expect(classes[0]?.tasks.map(({ steps }) => steps[0]?.check)).toEqual(['list', 'json']);
  });

  it('a class without any task left takes no part', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, {}, 404));
    const { classes, unavailable } = await prepare(server, [read('/a')]);
    expect(classes).toEqual([]);
    expect(unavailable).toHaveLength(1);
  });

  it('a server that lets nobody in is one that wants a token', async () => {
    await using closed = await startTestServer((_asked, response) => answerJson(response, {}, 401));
    expect(asksForToken(await prepare(closed, [read('/a'), read('/b')]))).toBe(true);
    await using half = await startTestServer(({ url }, response) => answerJson(response, {}, url === '/a' ? 403 : 200));
    expect(asksForToken(await prepare(half, [read('/a'), read('/b')]))).toBe(false);
  });

  it('a server that is not there is told', async () => {
    const gone = await startTestServer((_asked, response) => answerJson(response, {}));
    await gone[Symbol.asyncDispose]();
    expect((await prepare(gone, [read('/a')])).cannotConnect).toBe('ECONNREFUSED');
  });
});
