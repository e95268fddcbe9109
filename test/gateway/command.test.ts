/**
 * `wirebench gateway` as a process: what it prints, whom it lets in, and how it ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

import { issueToken } from '../../src/gateway/http/auth.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

function start(
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  const { DATABASE_URL: _database, GATEWAY_JWT_SECRET: _secret, ...rest } = process.env;
  const child = spawn(process.execPath, [main, 'gateway', '--port', '0', ...options], {
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function startJson(options: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = start(['--json', ...options], env);
  const errors = text(child.stderr);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, errors, ...(JSON.parse(line) as { url: string; pid: number; token?: string }) };
}

async function fail(
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: unknown; errors: string }> {
  const child = start(options, env);
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, errors };
}

function makeDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-gateway-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe('wirebench gateway', () => {
  it('says in one line of JSON where it is, lets the token of that line in, and ends with 0 on SIGTERM', async () => {
    const { child, url, pid, token } = await startJson([
      '--items',
      '3',
      '--compression',
      'zstd',
      '--cache',
      '--no-keep-alive',
    ]);
    expect(pid).toBe(child.pid);
    const response = await fetch(`${url}/tools`, { headers: { authorization: `Bearer ${token}` } });
    expect(await response.json()).toHaveLength(3);
    expect(response.headers.get('connection')).toBe('close');
    expect((await fetch(`${url}/tools`)).status).toBe(401);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('prints addresses and a command to try for people', async () => {
    const child = start(['--no-auth', '--items', '0']);
    const errors = text(child.stderr);
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.startsWith('stop it')) break;
    }
    const printed = lines.join('\n');
    expect(printed).toMatch(/gateway\s+http:\/\/127\.0\.0\.1:\d+/);
    expect(printed).toMatch(/curl 'http/);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await errors).toContain('--no-auth lets everybody');
  });

  it('fills an empty database once, honours DATABASE_URL, and never prints the secret', async () => {
    const env = {
      DATABASE_URL: path.join(makeDirectory(), 'gateway.db'),
      GATEWAY_JWT_SECRET: 'a secret of more than thirty-two bytes',
    };
    for (const items of ['4', '9']) {
      const { child, errors, url, token } = await startJson(['--items', items], env);
      expect(
        await (await fetch(`${url}/prompts`, { headers: { authorization: `Bearer ${token}` } })).json(),
      ).toHaveLength(4);
      child.kill('SIGTERM');
      await once(child, 'exit');
      expect(await errors).not.toContain(env.GATEWAY_JWT_SECRET);
    }
  });

  it('asks for the issuer and the audience that it was given, and issues its own token so', async () => {
    const secret = 'a secret of more than thirty-two bytes';
    const { url, token } = await startJson(['--items', '1', '--issuer', 'issuer.example', '--audience', 'gateway'], {
      GATEWAY_JWT_SECRET: secret,
    });
    const statusWith = async (auth: { issuer?: string; audience?: string }): Promise<number> => {
      const given = await issueToken({ secret, ...auth }, { subject: 'amara', lifetimeSeconds: 60 });
      return (await fetch(`${url}/tools`, { headers: { authorization: `Bearer ${given}` } })).status;
    };
    expect((await fetch(`${url}/tools`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect(await statusWith({ issuer: 'issuer.example', audience: 'gateway' })).toBe(200);
    expect(await statusWith({ issuer: 'issuer.example', audience: 'another' })).toBe(401);
    expect(await statusWith({ issuer: 'another', audience: 'gateway' })).toBe(401);
    expect(await statusWith({})).toBe(401);
  });

  it('listens beyond loopback without tokens where it is said by which hosts it is known', async () => {
    const { url } = await startJson([
      '--no-auth',
      '--items',
      '1',
      '--host',
      '0.0.0.0',
      '--allowed-hosts',
      'gateway.example,192.0.2.7:4444',
    ]);
    expect((await fetch(`${url}/tools`)).status).toBe(200);
    const { port } = new URL(url);
    const statusFor = async (host: string): Promise<number | undefined> => {
      const [response] = (await once(
        http.get({ host: '127.0.0.1', port, path: '/tools', headers: { host } }),
        'response',
      )) as [http.IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    expect(await statusFor(`gateway.example:${port}`)).toBe(200);
    expect(await statusFor('192.0.2.7')).toBe(403);
    expect(await statusFor('evil.example')).toBe(403);
  });

  it('answers without its layers where it is asked to, with the same list, and ends with 0 on SIGTERM', async () => {
    const [whole, bare] = [
      await startJson(['--no-auth', '--items', '3']),
      await startJson(['--no-auth', '--items', '3', '--bare']),
    ];
    const [expected, given] = await Promise.all(
      [whole, bare].map(async ({ url }) => (await fetch(`${url}/tools`)).text()),
    );
    expect(JSON.parse(given as string)).toHaveLength(3);
    expect(given).toBe(expected);
    expect((await fetch(`${bare.url}/tags`)).status).toBe(404);
    bare.child.kill('SIGTERM');
    expect(await once(bare.child, 'exit')).toEqual([0, null]);
    expect(await bare.errors).toContain('--no-auth lets everybody who reaches this address read');
  });

  it.each([{ options: [] as string[] }, { options: ['--log'] }])(
    'answers 503 where the disk is full, says why on stderr once a request, and goes on, with $options',
    async ({ options }) => {
      const database = path.join(makeDirectory(), 'full.db');
      const settings = ['--json', '--no-auth', '--items', '0', '--database', database, ...options];
      // A limit on the size of files looks like a full disk to the process that has it.
      const program = [process.execPath, main, 'gateway', '--port', '0', ...settings];
      const limited = spawn('bash', ['-c', 'ulimit -f 600; exec "$0" "$@"', ...program], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      onTestFinished(() => void limited.kill('SIGKILL'));
      const errors = text(limited.stderr);
      const [line] = (await once(createInterface({ input: limited.stdout }), 'line')) as [string];
      const { url } = JSON.parse(line) as { url: string };
      const create = (name: string): Promise<Response> => {
        const body = JSON.stringify({ name, description: 'body '.repeat(40_000) });
        return fetch(`${url}/tools`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      };
      const statuses: number[] = [];
      while (statuses.at(-1) !== 503 && statuses.length < 20)
        statuses.push((await create(`tool ${statuses.length}`)).status);
      expect(statuses).toEqual([...statuses.slice(0, -1).map(() => 201), 503]);
      const refused = await create('another');
      expect(refused).toMatchObject({ status: 503 });
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await refused.text()).not.toContain(database);
      expect(await (await fetch(`${url}/tools`)).json()).toHaveLength(statuses.length - 1);
      limited.kill('SIGTERM');
      expect(await once(limited, 'exit')).toEqual([0, null]);
      const said = (await errors).split('\n').filter((one) => one.includes('cannot use the database'));
      expect(said).toHaveLength(2);
      for (const one of said) {
        expect(one).toMatch(
          options.includes('--log')
            ? /^\{"level":50,/
            : /^503 POST \/tools: cannot use the database ".*": the disk (is full|fails)/,
        );
        expect(one).not.toContain('body body');
      }
    },
  );

  it('explains what it cannot do, with exit code 2 and no stack', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const cases: [string[], Record<string, string>, RegExp][] = [
      [
        ['--no-auth', '--items', '0', '--port', `${port}`],
        {},
        /cannot listen on "127\.0\.0\.1" port \d+: the port is taken; choose another/,
      ],
      [['--items', '0'], { GATEWAY_JWT_SECRET: 'short' }, /the secret has 5 bytes; use a random one/],
      [['--no-auth', '--items', '0', '--compression', 'gzip', '--compression-level', '12'], {}, /gzip at level 12/],
      [['--no-auth', '--database', path.join(makeDirectory(), 'no', 'such', 'directory.db')], {}, /database/],
      [['--no-auth', '--serializer', 'unknown'], {}, /Allowed choices are/],
      [
        ['--no-auth', '--host', '0.0.0.0'],
        {},
        /cannot listen on "0\.0\.0\.0" with --no-auth: .*; say with --allowed-hosts/,
      ],
      [
        ['--no-auth', '--host', '::', '--bare'],
        {},
        /cannot listen on "::" with --no-auth: .*; say with --allowed-hosts/,
      ],
      [
        ['--no-auth', '--host', 'gateway.example'],
        {},
        /cannot listen on "gateway\.example" with --no-auth: .*; say with --allowed-hosts/,
      ],
      [['--no-auth', '--host', ''], {}, /cannot listen on "" with --no-auth: .*; say with --allowed-hosts/],
      [
        ['--no-auth', '--items', '0', '--allowed-hosts', 'http://gateway.example'],
        {},
        /cannot allow the host "http:\/\/gateway\.example": it is no host; list names/,
      ],
      [
        ['--no-auth', '--issuer', 'a', '--audience', 'b'],
        {},
        /cannot start with --no-auth and --issuer --audience: no token is asked for/,
      ],
      [['--audience', ' '], {}, /expected a name/],
      [['--bare'], {}, /cannot start with --bare: it checks no tokens, and authentication is on; add --no-auth/],
      [
        ['--bare', '--no-auth', '--cache', '--compression', 'br'],
        {},
        /cannot start with --bare and --cache --compression br: --bare leaves out/,
      ],
    ];
    const failures = await Promise.all(
      cases.map(async ([options, env, message]) => ({ options, message, ...(await fail(options, env)) })),
    );
    for (const { options, message, code, errors } of failures) {
      expect({ options, code, errors }).toEqual({ options, code: 2, errors: expect.stringMatching(message) as string });
      expect(errors).not.toMatch(/\n\s+at /);
    }
  });
});
