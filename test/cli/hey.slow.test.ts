/**
 * `wirebench hey` beside the programs of others: the real `hey`, a server with a certificate, and the stack of this
 * project.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

import type { HeyResult } from '../../src/hey/result.ts';
import { answerMcp, startServer } from '../hey/start-servers.ts';
import { invoke, words } from './invoke.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

function has(program: string, ...options: string[]): boolean {
  try {
    execFileSync(program, options, { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

async function hey(line: string, env: Readonly<Record<string, string | undefined>> = {}) {
  const cwd = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
  const known = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
  const invocation = await invoke(['hey', ...words(line), '--json'], { cwd, env: known });
  return { ...invocation, result: JSON.parse(invocation.stdout || 'null') as HeyResult | null };
}

describe('wirebench hey', () => {
  it.skipIf(!has('hey'))('reads what the real hey prints', async () => {
    const server = await startServer((request, response, index) =>
      index % 10 === 9 ? void response.writeHead(503).end() : answerMcp(request, response),
    );
    const { code, result } = await hey(`-n 205 -c 10 --engine hey -u ${server.url}/rpc`, { PATH: process.env['PATH'] });
    expect(code).toBe(1);
    // hey sends as many over each connection, and two requests looked for the payload.
    expect(result?.asked.figures).toMatchObject({ sent: 200, abandoned: 0 });
    const statuses = result?.asked.figures.statuses ?? {};
    expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(result?.asked.figures.answered).toBe(statuses[200]);
    expect(result?.asked.figures.latencies?.percentiles[0]?.ns).toBeGreaterThan(0);
    expect(result?.printed).toContain('Latency distribution');
    expect(server.seen).toHaveLength(202);
  });

  it.skipIf(!has('openssl', 'version'))(
    'checks certificates, and names the reason where one is not valid',
    async () => {
      const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
      const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(directory, name)) as [string, string];
      const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
      execFileSync(
        'openssl',
        ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...names],
        {
          stdio: 'ignore',
        },
      );
      const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
        response.end('ok'),
      );
      onTestFinished(() => void server.close());
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      for (const host of ['127.0.0.1', 'localhost']) {
        const line = `-n 20 -c 3 -X GET -u https://${host}:${port}/`;
        const trusted = await hey(line, { NODE_EXTRA_CA_CERTS: cert });
        expect({ code: trusted.code, answered: trusted.result?.asked.figures.answered }).toEqual({
          code: 0,
          answered: 20,
        });
        const refused = await hey(line);
        expect(refused.code).toBe(1);
        expect(refused.result?.asked.figures.failures).toMatchObject([
          { kind: 'DEPTH_ZERO_SELF_SIGNED_CERT', count: 20 },
        ]);
      }
      server.closeAllConnections();
    },
  );

  it('measures the stack, and what its gateway adds', async () => {
    const stack = spawn(
      process.execPath,
      [main, 'stack', '--json', '--port', '0', '--start-port', '0', '--count', '1'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    onTestFinished(() => void stack.kill('SIGTERM'));
    const [line] = (await once(createInterface({ input: stack.stdout }), 'line')) as [string];
    const { url, token, servers } = JSON.parse(line) as { url: string; token: string; servers: { url: string }[] };
    const { code, result, stderr } = await hey(
      `-n 400 -c 4 --token-env TOKEN -u ${url}/rpc --direct ${servers[0]?.url}`,
      { TOKEN: token },
    );
    expect(stderr).toContain('tools/call of');
    expect(code).toBe(0);
    expect([result?.asked, result?.direct].map((side) => side?.figures.answered)).toEqual([400, 400]);
    expect(result?.overhead?.rate.lo).toBeGreaterThan(0);
    const refused = await hey(`-n 10 -c 1 -u ${url}/rpc`);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('HTTP 401 to tools/list');
  });
});
