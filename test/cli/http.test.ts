import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { HttpSession } from '../../src/model/http.ts';
import { invoke } from './invoke.ts';

describe('wirebench http', () => {
  it('measures a real gateway with two serializers, prints a table and keeps the session', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    const abort = new AbortController();
    // Two rounds are enough to see it work; Ctrl-C keeps what there is.
    const timer = setTimeout(() => abort.abort(), 25_000);
    const argv = ['http', '--quick', '--scenario', 'rpc-tool-call', '--serializer', 'json-stringify,gateway-serializer', '--out', out];
    const { code, stdout } = await invoke(argv, { signal: abort.signal });
    clearTimeout(timer);
    expect([0, 130]).toContain(code);
    expect(stdout).toContain('requests/s');
    const session = JSON.parse(readFileSync(path.join(out, 'http.json'), 'utf8')) as HttpSession;
    expect(session.cells.map(({ contender, status }) => `${contender} ${status}`)).toEqual(['json-stringify ok', 'gateway-serializer ok']);
    expect(session.cells[0]?.metrics.requestsPerSec?.median).toBeGreaterThan(0);
    expect(readFileSync(path.join(out, 'report.md'), 'utf8')).toContain('# wirebench http');
  });

  it.each<[string, string[], string]>([
    ['an unknown scenario', ['--scenario', 'tool-100'], 'scenario'],
    ['another host', ['--url', 'http://example.org'], 'it is not this machine'],
    ['a token that is not there', ['--url', 'http://127.0.0.1:1', '--token-env', 'NO_SUCH_TOKEN'], 'NO_SUCH_TOKEN'],
    ['an unknown format', ['--format', 'markdwon'], "did you mean 'markdown'?"],
    ['a format that shows runs', ['--format', 'bencher'], 'shows runs'],
  ])('answers %s with a message on stderr and exit code 2', async (_what, argv, message) => {
    const { code, stdout, stderr } = await invoke(['http', ...argv]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^wirebench: /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
