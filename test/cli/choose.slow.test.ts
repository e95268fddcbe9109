/**
 * `wirebench choose` with measurements: what it answers, keeps and refuses to recommend.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Choice } from '../../src/model/choice.ts';
import { items, newDirectory, newProject } from './choose-project.ts';
import { invoke } from './invoke.ts';

const liar = `export default {
  kind: 'serialize', title: 'liar',
  load: async () => () => ({ stringify: (value) => JSON.stringify(value, (key, held) => (key === 'id' && held === 7 ? 8 : held)) }),
};`;

const readChoice = (directory: string): Choice =>
  JSON.parse(readFileSync(path.join(directory, 'results', 'choose', 'choice.json'), 'utf8')) as Choice;
const quick = ['choose', '--quick', '--contender', 'gateway-serializer'];

describe('wirebench choose', () => {
  it('answers with a paragraph, tables and a snippet, and keeps choice, report and decision record', async () => {
    const cwd = newProject();
    const { code, stdout, stderr } = await invoke(
      [...quick, '--sample', 'sample.json', '--rate', '500', '--adr', 'docs/adr.md'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wirebench choose\n\nThe answer\n• (Use|Stay with) \S+\. A response takes /);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('At 500 responses a second serializing takes');
    expect(stdout).toContain('schema inferred from it');
    expect(stderr).toContain('a first look at 2 contenders');
    const choice = readChoice(cwd);
    const [own] = choice.runtimes;
    expect(own.candidates.map(({ standing }) => standing)).not.toContain('excluded');
    expect(own.recommendation?.bottlenecks[0]).toMatchObject({ requestsPerSec: 500, isRateGiven: true });
    expect(own.candidates[0]?.encoded?.map(({ encoding }) => encoding)).toEqual(['gzip', 'br', 'zstd']);
    expect(choice.snippets.map(({ framework }) => framework)).toEqual(['express', 'fastify', 'hono', 'node-http']);
    expect(readFileSync(path.join(cwd, 'results', 'choose', 'report.md'), 'utf8')).toContain('# wirebench choose');
    expect(readFileSync(path.join(cwd, 'docs', 'adr.md'), 'utf8')).toMatch(/^# Response serializer: /);
  });

  it('puts out whoever changes the data, with the pointer and both values, however fast', async () => {
    const cwd = newProject({
      'liar.mjs': liar,
      'wirebench.config.mjs': "export default { contenders: ['liar.mjs'] };",
    });
    const { code, stdout } = await invoke(['choose', '--quick', '--contender', 'liar', '--sample', 'sample.json'], {
      cwd,
    });
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('liar: incorrect: at /items/7/id: wrote 8 where 7 was expected');
    expect(readChoice(cwd).runtimes[0].recommendation).toMatchObject({ contender: 'json-stringify', because: 'only' });
  });

  it('measures Dates where the types say so', async () => {
    const cwd = newProject();
    const { code, stdout } = await invoke([...quick, '--sample', 'sample.json', '--types', 'createdAt=date'], { cwd });
    expect(code).toBe(0);
    expect(readChoice(cwd).workload.parts[0]).toMatchObject({ variant: 'native', items: 20 });
    expect(stdout).toContain('native variant');
  });

  it('weighs a mix by its rates', async () => {
    const mix = {
      responses: [
        { sample: 'sample.json', requestsPerSec: 30 },
        { payload: 'rpc-tool-result', requestsPerSec: 90 },
      ],
    };
    const cwd = newProject({ 'mix.json': JSON.stringify(mix) });
    const { code, stdout } = await invoke([...quick, '--mix', 'mix.json'], { cwd });
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('At 120 responses a second');
    expect(readChoice(cwd).workload).toMatchObject({
      requestsPerSec: 120,
      parts: [{ share: 0.25 }, { payload: 'rpc-tool-result', share: 0.75 }],
    });
  });

  it('refuses to compile a schema that is not trusted', async () => {
    const cwd = newProject();
    const { code, stdout } = await invoke(
      ['choose', '--quick', '--contender', 'fast-json-stringify', '--untrusted-schema', '--sample', 'sample.json'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'fast-json-stringify: unsupported: it compiles the schema to code, and the schema is not trusted',
    );
  });

  it('shows a runtime that cannot be had as a row with the reason', async () => {
    const cwd = newProject();
    const env = { XDG_CACHE_HOME: newDirectory(), PATH: '/nowhere' };
    const { code, stdout } = await invoke([...quick, '--sample', 'sample.json', '--runtime', 'node@22'], { cwd, env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/node@22 +not available/);
  });

  it('reads a URL, and writes its credentials nowhere', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((req, res) => {
      seen.push(req.headers.authorization);
      res.setHeader('Content-Type', 'application/json').end(JSON.stringify(items));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const cwd = newProject();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tools?token=query-secret`;
    const { code, stdout, stderr } = await invoke([...quick, '--sample', url], {
      cwd,
      env: { WIREBENCH_AUTHORIZATION: 'Bearer header-secret' },
    });
    server.close();
    expect(code).toBe(0);
    expect(seen).toEqual(['Bearer header-secret']);
    const written = [
      stdout,
      stderr,
      ...['choice.json', 'report.md'].map((name) => readFileSync(path.join(cwd, 'results', 'choose', name), 'utf8')),
    ].join('\n');
    expect(written).not.toMatch(/header-secret|query-secret/);
    expect(written).toContain('127.0.0.1');
  });

  it('keeps and reports what it has on Ctrl-C, recommends nothing on too little, and exits with 130', async () => {
    const cwd = newProject();
    const abort = new AbortController();
    const running = invoke(['choose', '--thorough', '--sample', 'sample.json'], { cwd, signal: abort.signal });
    setTimeout(() => abort.abort(), 3000);
    const { code, stdout } = await running;
    expect(code).toBe(130);
    expect(stdout).toContain('No recommendation: the measurement was stopped');
    expect(readChoice(cwd).interrupted).toBe(true);
  });
});
