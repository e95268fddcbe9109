/**
 * `wirebench comment` against a server that stands for GitHub: created, replaced, and what comes of every refusal.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { GateCell, GateSession } from '../../src/model/gate.ts';
import { writeGateSession } from '../../src/store/gate-file.ts';
import { type FakeGithub, startFakeGithub } from '../pull-request/fake-github.ts';
import { gateSession, sessionOf } from '../report/gate/gate-session.ts';
import { invoke } from './invoke.ts';

const merge = 'abcdef0123456789abcdef0123456789abcdef01';
const head = '1234567890abcdef1234567890abcdef12345678';
const marker = '<!-- wirebench gate of My%20gate/gate -->';
const token = 'secret-token';

let folder: string;
let github: FakeGithub;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
  github = await startFakeGithub();
});
afterEach(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A session of the job's commit. */
function keep(session: GateSession, commit = merge.slice(0, 12)): void {
  writeGateSession(path.join(folder, 'results/gate'), {
    ...session,
    candidate: { ...session.candidate, commit },
  });
}

interface Given {
  readonly repository?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
  readonly signal?: AbortSignal;
}

/** @param given.repository that the pull request comes from. */
function comment({ repository = 'owner/name', env = {}, argv = [], signal }: Given = {}) {
  const file = path.join(folder, 'event.json');
  const event = { pull_request: { number: 7, head: { sha: head, repo: { full_name: repository } } } };
  writeFileSync(file, JSON.stringify(event));
  return invoke(['comment', ...argv], {
    cwd: folder,
    env: {
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: github.url,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: file,
      GITHUB_JOB: 'gate',
      GITHUB_REPOSITORY: 'owner/name',
      GITHUB_SHA: merge,
      GITHUB_TOKEN: token,
      GITHUB_WORKFLOW: 'My gate',
      ...env,
    },
    ...(signal === undefined ? {} : { signal }),
  });
}

describe('the comment', () => {
  it('is created with the answer first, below the line that it is found by', async () => {
    keep(sessionOf('pass'));
    const { code, stderr } = await comment();
    expect([code, stderr]).toEqual([0, 'wirebench: created the comment https://github.example/c/new\n']);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body.split('\n').slice(0, 5)).toEqual([
      marker,
      '# wirebench gate: passed',
      '',
      '## The answer',
      '',
    ]);
    expect(github.asked.map(({ method, path: where }) => `${method} ${where}`)).toEqual([
      'GET /repos/owner/name/issues/7/comments?per_page=100&page=1',
      'POST /repos/owner/name/issues/7/comments',
    ]);
    expect(github.asked.map(({ authorization }) => authorization)).toEqual(Array(2).fill(`Bearer ${token}`));
  });

  it('is replaced the next time, on whatever page it stands, and nobody else’s is touched', async () => {
    const others = Array.from({ length: 150 }, (_, index) => ({
      id: index + 1,
      body: index === 3 ? `${marker}\nby a person` : `quoting ${marker}`,
      user: index === 3 ? ({ login: 'somebody', type: 'User' } as const) : ({ login: 'a[bot]', type: 'Bot' } as const),
    }));
    github.comments.push(...structuredClone(others));
    keep(sessionOf('pass'));
    expect((await comment()).stderr).toContain('created the comment');
    keep(gateSession(), `${head.slice(0, 12)}-dirty`);
    const { code, stderr } = await comment();
    expect([code, stderr]).toEqual([0, 'wirebench: updated the comment https://github.example/c/old\n']);
    expect(github.comments).toHaveLength(151);
    expect(github.comments.slice(0, 150)).toEqual(others);
    expect(github.comments[150]?.body).toContain('3 of 10 cells regressed');
  });

  it('is another one for another job', async () => {
    keep(sessionOf('pass'));
    await comment();
    await comment({ env: { GITHUB_JOB: 'other -->' } });
    expect(github.comments.map(({ body }) => body.split('\n')[0])).toEqual([
      marker,
      '<!-- wirebench gate of My%20gate/other%20--%3E -->',
    ]);
  });

  it('waits where requests are limited for a moment', async () => {
    keep(sessionOf('pass'));
    github.refusals.push(
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 403, method: 'POST', headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' } },
    );
    expect((await comment()).stderr).toContain('created the comment');
    expect(github.comments).toHaveLength(1);
  });

  it('is never longer than GitHub takes: the last rows and parts are left out, which is said', async () => {
    const [cell] = gateSession().cells;
    const cells = Array.from({ length: 1500 }, (_, index) => ({
      ...(cell as GateCell),
      cell: { ...(cell as GateCell).cell, contender: `contender-${index}` },
    }));
    keep({ ...gateSession(), cells });
    expect((await comment()).stderr).toContain('created the comment');
    const body = github.comments[0]?.body ?? '';
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(60_000);
    expect(body).toContain('## The answer');
    expect(body).toMatch(
      /no room for the rest of the report, which is in the summary of the job and in report\.md\.\n$/,
    );
    expect(body.match(/^\|.*\|$/gm)?.length).toBeGreaterThan(100);
  });
});

describe('a refusal is told and changes no exit code', () => {
  const forbidden = { status: 403, message: 'Resource not accessible by integration' };

  it.each([
    {
      title: 'a pull request from a fork',
      refusal: forbidden,
      repository: 'somebody/name',
      told: /^::notice .*GitHub answered 403: Resource not accessible by integration; a pull request from a fork has a token that may only read/m,
    },
    {
      title: 'a job without the permission',
      refusal: forbidden,
      told: /^::warning .*GitHub answered 403: .*; the job needs `permissions: pull-requests: write`$/m,
    },
    {
      title: 'a pull request that the token does not see',
      refusal: { status: 404, message: 'Not Found' },
      told: /^::warning .*GitHub answered 404: Not Found; the job needs `permissions: pull-requests: write`$/m,
    },
    {
      title: 'a limit that lasts',
      refusal: { status: 429, headers: { 'retry-after': '3600' } },
      told: /^::warning .*GitHub answered 429, requests are limited for another 3600 s: no$/m,
    },
    {
      title: 'a server that fails, and answers with control codes',
      refusal: { status: 502, message: 'a\u001b[31m\n::error::b' },
      told: /^::warning .*GitHub answered 502: a ::error::b$/m,
    },
    {
      title: 'a redirect, which the token does not follow',
      refusal: { status: 307, headers: { location: 'http://127.0.0.1:9/' } },
      told: /^::warning .*GitHub answered 307: no$/m,
    },
  ])('$title', async ({ refusal, repository, told }) => {
    keep(sessionOf('pass'));
    github.refusals.push({ ...refusal, method: 'POST' });
    const { code, stdout, stderr } = await comment(repository === undefined ? {} : { repository });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(told);
    expect(stderr).toMatch(/^wirebench: no comment on the pull request: GitHub answered /m);
    expect(stderr).not.toContain(token);
    expect(github.comments).toEqual([]);
  });

  it('no answer at all, or one that is no list', async () => {
    keep(sessionOf('pass'));
    const nobody = await comment({ env: { GITHUB_API_URL: 'http://127.0.0.1:9' } });
    expect([nobody.code, nobody.stderr]).toEqual([0, expect.stringMatching(/^wirebench: .*there was no answer: /m)]);
    github.refusals.push({ status: 200 });
    expect((await comment()).stderr).toContain('the list of comments is no list');
  });

  it('a limit that does not end', async () => {
    keep(sessionOf('pass'));
    github.refusals.push(...Array.from({ length: 3 }, () => ({ status: 429, headers: { 'retry-after': '0' } })));
    expect((await comment()).stderr).toContain('GitHub answered 429');
    expect(github.asked).toHaveLength(3);
  });
});

describe('there is nothing to comment on', () => {
  it('where the gate left no session', async () => {
    const { code, stderr } = await comment();
    expect([code, stderr]).toEqual([0, expect.stringContaining('the gate has left no session in results/gate')]);
    expect(github.asked).toEqual([]);
  });

  it('where the session is about another commit, as one that a pull request brings would be', async () => {
    for (const commit of ['0123456789ab', 'abc', '-dirty']) {
      keep(sessionOf('pass'), commit);
      const { code, stderr } = await comment();
      expect([code, stderr]).toEqual([0, expect.stringContaining('not about a commit of this job')]);
    }
    expect(github.asked).toEqual([]);
  });

  it('where the job runs for a push', async () => {
    keep(sessionOf('pass'));
    const { code, stderr } = await comment({ env: { GITHUB_EVENT_NAME: 'push' } });
    expect([code, stderr]).toEqual([0, expect.stringContaining('there is no pull request to comment on')]);
    expect(github.asked).toEqual([]);
  });
});

describe('wirebench comment', () => {
  it.each([
    [{ GITHUB_EVENT_NAME: 'pull_request_target' }, 'with the rights of the base'],
    [{ GITHUB_TOKEN: '' }, 'GITHUB_TOKEN is not set'],
    [{ GITHUB_EVENT_PATH: '/nowhere' }, "cannot read the event in '/nowhere'"],
  ])('ends with exit code 2 for %o', async (env, message) => {
    keep(sessionOf('pass'));
    const { code, stderr } = await comment({ env });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(github.asked).toEqual([]);
  });

  it('shows a session of any directory, and none that breaks its schema', async () => {
    mkdirSync(path.join(folder, 'elsewhere'));
    writeFileSync(path.join(folder, 'elsewhere/gate.json'), '{"gateVersion":1}');
    const { code, stderr } = await comment({ argv: ['elsewhere'] });
    expect([code, stderr]).toEqual([2, expect.stringContaining('gate.json')]);
    expect(github.asked).toEqual([]);
  });

  it('ends with Ctrl-C while it waits', async () => {
    keep(sessionOf('pass'));
    const abort = new AbortController();
    github.refusals.push({ status: 429, headers: { 'retry-after': '60' } });
    const ending = comment({ signal: abort.signal });
    while (github.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect((await ending).code).toBe(130);
  });
});
