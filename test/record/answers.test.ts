/**
 * Odd answers of MCP servers over stdio: cursors, amounts, numbers and bytes; nothing is lost or changed in silence.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { listRecorded, readRecording, type Recording } from '../../src/corpus/recorded.ts';
import { invoke } from '../cli/invoke.ts';
import { createWorkspace, rawServer, type Workspace } from '../fixtures/record/run-record.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace.remove());

async function recorded(
  behaviour: string,
  argv: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Recording & { stdout: string }> {
  const { code, stdout, stderr } = await workspace.run([...argv, '--name', 'mine', '--', ...rawServer(behaviour)], {
    env,
  });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return { ...readRecording({ name: 'mine', directory: workspace.recordings }), stdout };
}

const namesOf = ({ items }: Recording): unknown[] => items.map((item) => (item as { name: unknown }).name);

describe('a cursor', () => {
  it.each([
    ['empty-cursor', ['first', 'second']],
    ['empty-cursor-thrice', ['first', 'second', 'third']],
    ['null-cursor', ['only']],
  ])('is followed whatever text it is: %s', async (behaviour, names) => {
    const recording = await recorded(behaviour);
    expect(namesOf(recording)).toEqual(names);
    expect(recording.notes).toBeUndefined();
  });

  it('that is empty and leads to the first page again is the end, and that is said and kept', async () => {
    const recording = await recorded('empty-cursor-as-end');
    expect(namesOf(recording)).toEqual(['first', 'second']);
    expect(recording.notes).toEqual([expect.stringContaining('an empty cursor, which gives the first page again')]);
    expect(recording.stdout).toContain('note        the last page names an empty cursor');
  });

  it.each([
    ['number-cursor', 'page 1 names the next one by 7, and a cursor is a string'],
    ['zero-cursor', 'page 1 names the next one by 0, and a cursor is a string'],
    ['object-cursor', 'page 1 names the next one by {"page":2}, and a cursor is a string'],
    ['empty-cursor-loop', 'page 2 points back to a page that was read already'],
    ['empty-cursor-refused', 'no such cursor'],
  ])('that cannot be followed ends in a refusal: %s', async (behaviour, why) => {
    const { code, stderr } = await workspace.run(['--', ...rawServer(behaviour)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(listRecorded(workspace.recordings)).toEqual([]);
  });
});

describe('amounts', () => {
  it.each([
    ['large-pages', ['--max-size', '5MB'], 'the server sent more than 5 MB; allow more with --max-size'],
    ['endless-line', ['--max-size', '5MB'], 'the server sent more than 5 MB'],
    ['many-items', ['--max-items', '100'], 'the list did not end within 100 items; allow more with --max-items'],
    ['many-items', ['--max-pages', '4'], 'the list did not end within 4 pages; report it'],
  ])('are bounded: %s with %j', async (behaviour, argv, why) => {
    const { code, stderr } = await workspace.run([...argv, '--', ...rawServer(behaviour)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(listRecorded(workspace.recordings)).toEqual([]);
  });

  it('of a list that is as long as it may be are no fault', async () => {
    expect(namesOf(await recorded('empty-cursor-thrice', ['--max-pages', '3', '--max-items', '3']))).toHaveLength(3);
  });

  it('on stderr do not matter', async () => {
    expect(namesOf(await recorded('stderr-flood'))).toEqual(['first']);
  });

  it.each([
    [['--max-size', 'much'], "'much' is no size"],
    [['--max-size', '9GB'], "'9GB' is no size; give one of at most 250MB"],
    [['--max-pages', '0'], "'0' is not a whole number"],
    [['--env', 'TOKEN=abc'], 'without a value'],
  ])('and names are checked: %j', async (argv, why) => {
    const { code, stderr } = await invoke(['record', ...argv, '--', ...rawServer('null-cursor')], {
      cwd: workspace.cwd,
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});

describe('what JavaScript cannot hold', () => {
  it('is noted with its page and place, in the answer and in the recording; what is not stored is not', async () => {
    const { items, notes, stdout } = await recorded('numbers');
    expect(items).toEqual([
      { name: 'first', inputSchema: { maximum: null } },
      { name: 'second', id: 12345678901234567000, zero: 0, a: 2 },
    ]);
    expect(notes).toEqual([
      'page 1: a number changes on the way through JavaScript: 1e400 at /result/tools/0/inputSchema/maximum, is written as null',
      'page 2: 2 numbers change on the way through JavaScript: the first one, 12345678901234567890 at /result/tools/0/id, is written as 12345678901234567000',
      'page 2: a key comes again in the same object, where only the last value counts; the first one is /result/tools/0/a',
    ]);
    for (const note of notes ?? []) expect(stdout).toContain(`note        ${note}`);
  });

  it('is said again of a recording that is merged', async () => {
    await recorded('numbers');
    const merged = await workspace.run(['--merge', 'mine', '--name', 'both']);
    expect(merged.code).toBe(0);
    expect(readRecording({ name: 'both', directory: workspace.recordings }).notes?.[0]).toMatch(
      /^mine: page 1: a number changes/,
    );
  });

  it('is no byte order mark', async () => {
    expect(namesOf(await recorded('marked'))).toEqual(['first']);
  });

  it('is refused where bytes are no text', async () => {
    const { code, stderr } = await workspace.run(['--', ...rawServer('latin1')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('it is not UTF-8 text, from')]);
  });
});

describe("the server's environment", () => {
  const env = {
    WIREBENCH_AUTHORIZATION: 'Bearer s3cret-1',
    GITHUB_TOKEN: 's3cret-2',
    AWS_SECRET_ACCESS_KEY: 's3cret-3',
    HOME: '/home/me',
    PLAIN: 'plain-4',
  };

  it('is a short one', async () => {
    const { items } = await recorded('environment', [], env);
    expect(items).toEqual([
      { name: 'environment', values: expect.objectContaining({ HOME: '/home/me', PATH: process.env['PATH'] }) },
    ]);
    expect(JSON.stringify(items)).not.toMatch(/s3cret|plain-4/);
  });

  it('has more where that is asked for by name', async () => {
    const { items } = await recorded('environment', ['--env', 'PLAIN', '--env', 'HOME'], env);
    expect(JSON.stringify(items)).toContain('plain-4');
  });

  it('with a secret that the server repeats is not stored', async () => {
    const { code, stderr } = await workspace.run(['--env', 'GITHUB_TOKEN', '--', ...rawServer('environment')], { env });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("the server's answer holds the value of GITHUB_TOKEN; nothing was written"),
    ]);
    expect(stderr).not.toContain('s3cret-2');
  });

  it.each([
    [['--env', 'NOWHERE', '--', ...rawServer('null-cursor')], '--env "NOWHERE" is not set'],
    [['--env', 'PLAIN', '--url', 'http://127.0.0.1:1/'], '--env names variables for a server that is started'],
  ])('cannot have what is not there: %j', async (argv, why) => {
    const { code, stderr } = await workspace.run(argv, { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});
