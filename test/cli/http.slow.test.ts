import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { RunRecord } from '../../src/run-file/records.ts';
import { invoke, words } from './invoke.ts';

function emptyDirectory(): string {
  return mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
}

function readRunOf(directory: string): RunRecord {
  return JSON.parse(readFileSync(path.join(directory, 'run.json'), 'utf8')) as RunRecord;
}

describe('wirebench http', () => {
  it('measures a real gateway, keeps what there is when stopped, and goes on from there', async () => {
    const out = emptyDirectory();
    const abort = new AbortController();
    const argv = [
      ...words('http --quick --scenario rpc-tool-call --serializer json-stringify,gateway-serializer --out'),
      out,
    ];
    // Stopped as soon as something is on disk: the rest is the resumed session's.
    const journal = path.join(out, 'http-journal.jsonl');
    const timer = setInterval(() => {
      if (existsSync(journal) && readFileSync(journal, 'utf8').split('\n').length > 3) abort.abort();
    }, 50);
    const stopped = await invoke(argv, { signal: abort.signal });
    clearInterval(timer);
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('--resume');
    const early = readRunOf(out);
    expect(early.interrupted).toBe(true);
    expect(existsSync(journal)).toBe(true);
    const reported = await invoke(['report', out, '--format', 'markdown']);
    expect(reported.stdout).toContain('interrupted');

    // Its budget is spent, so that only the least rounds are left.
    writeFileSync(journal, readFileSync(journal, 'utf8').replaceAll(/"elapsedMs":[\d.]+/g, '"elapsedMs":1000000'));
    const resumed = await invoke(['http', '--resume', '--out', out]);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain('requests/s');
    const run = readRunOf(out);
    expect(run.interrupted).toBeUndefined();
    expect(run.http?.cells.map(({ contender, status, rounds }) => `${contender} ${status} ${rounds.length}`)).toEqual([
      'json-stringify ok 3',
      'gateway-serializer ok 3',
    ]);
    // What was measured before is there as it was.
    const [before] =
      early.http?.cells.flatMap(({ contender, rounds }) => rounds.map((round) => ({ contender, round }))) ?? [];
    expect(before).toBeDefined();
    expect(run.http?.cells.find(({ contender }) => contender === before?.contender)?.rounds).toContainEqual(
      before?.round,
    );
    expect(existsSync(journal)).toBe(false);
    for (const name of ['report.md', 'report.html'])
      expect(readFileSync(path.join(out, name), 'utf8')).toContain('gateway-serializer');

    // A round is added to the finished session, and the three that it had are there as they were.
    const listed = await invoke(['http', '--more', '1', '--list', '--out', out]);
    expect(listed.stdout).toContain('3 rounds of the headline measured already, 1 to add everywhere');
    expect(await invoke(['http', '--more', '1', '--seed', '2', '--out', out])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot add rounds with --seed 2'),
    });
    expect(await invoke(['http', '--more', '1', '--out', out])).toMatchObject({ code: 0 });
    const longer = readRunOf(out);
    expect(longer.http?.cells.map(({ rounds }) => rounds.map(({ round }) => round))).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    expect(longer.http?.cells.map(({ rounds }) => rounds.slice(0, 3))).toEqual(
      run.http?.cells.map(({ rounds }) => rounds),
    );
    expect(existsSync(journal)).toBe(false);
  });

  it('measures each part, the handlers alone and tokens with the right answers', async () => {
    const out = emptyDirectory();
    const abort = new AbortController();
    const journal = path.join(out, 'http-journal.jsonl');
    // One round of nine servers is enough to see every setting answer.
    const timer = setInterval(() => {
      if (existsSync(journal) && readFileSync(journal, 'utf8').includes('"round":1')) abort.abort();
    }, 50);
    await invoke(['http', '--quick', '--suite', 'parts,layers', '--scenario', 'tools-100', '--out', out], {
      signal: abort.signal,
    });
    clearInterval(timer);
    const cells = readRunOf(out).http?.cells ?? [];
    expect(cells.map(({ contender, status, reason }) => `${contender} ${status} ${reason ?? ''}`.trim())).toEqual(
      [
        'plain',
        'serializer',
        'compression',
        'cache',
        'keep-alive',
        'together',
        'handlers',
        'gateway',
        'gateway-with-tokens',
      ].map((id) => `${id} ok`),
    );
    const wireBytesOf = (id: string): number =>
      cells.find(({ contender }) => contender === id)?.metrics.wireBytesPerRequest?.median ?? Number.NaN;
    expect(wireBytesOf('compression')).toBeLessThan(wireBytesOf('plain') / 2);
    expect(wireBytesOf('gateway-with-tokens')).toBe(wireBytesOf('gateway'));
  });

  it('prints its plan and measures nothing', async () => {
    const out = emptyDirectory();
    const { code, stdout } = await invoke([
      ...words('http --list --suite serializers --scenario tools-100,events --out'),
      out,
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'serializers/tools-100/json-stringify  10 connections, 1 connection, 100 connections, at a fixed rate\n',
    );
    expect(stdout).toMatch(/1 suite, 6 servers a round, .* about /);
    expect(existsSync(path.join(out, 'http-journal.jsonl'))).toBe(false);
  });

  it.each<[string, string[], string]>([
    ['an unknown scenario', ['--scenario', 'tool-100'], 'scenario'],
    ['an unknown suite', ['--suite', 'serialisers'], "did you mean 'serializers'?"],
    ['an unknown serializer', ['--serializer', 'json'], 'json-stringify'],
    [
      'serializers for a suite of other things',
      ['--suite', 'layers', '--serializer', 'json-stringify'],
      '--serializer goes with a suite that compares serializers',
    ],
    ['a suite without the scenario', ['--suite', 'layers', '--scenario', 'events'], 'there is nothing to measure'],
    ['another host', ['--url', 'http://example.org'], 'it is not this machine'],
    ['a token that is not there', ['--url', 'http://127.0.0.1:1', '--token-env', 'NO_SUCH_TOKEN'], 'NO_SUCH_TOKEN'],
    ['a header without a gateway', ['--header-env', 'x-api-key=KEY'], '--header-env goes with --url'],
    [
      'a header that comes twice',
      ['--url', 'http://127.0.0.1:1', '--header-env', 'X-Key=A', '--header-env', 'x-key=B'],
      'the header x-key comes twice',
    ],
    [
      'two kinds of authorization',
      ['--url', 'http://127.0.0.1:1', '--token-env', 'A', '--header-env', 'authorization=B'],
      'exclude each other',
    ],
    ['a token without a gateway', ['--token-env', 'NO_SUCH_TOKEN'], '--token-env goes with --url'],
    [
      'a suite with a gateway',
      ['--url', 'http://127.0.0.1:1', '--suite', 'parts'],
      '--suite and --url exclude each other',
    ],
    ['an unknown format', ['--format', 'markdwon'], "did you mean 'markdown'?"],
    ['going on with nothing', ['--resume', '--out', path.join(tmpdir(), 'wirebench-not-there')], 'nothing to resume'],
  ])('answers %s with a message on stderr and exit code 2', async (_what, argv, message) => {
    const { code, stdout, stderr } = await invoke(['http', ...argv]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^wirebench: |^error: /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
