/**
 * Processes that answer, die, hang, write too much or leave others behind: how their end reads, and that nothing is
 * left.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { hasSucceeded, type RunRequest, runToEnd, startChild } from '../../src/process/child.ts';
import { patienceMs } from '../patience.ts';
import { isGone } from '../record/processes.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const env = { PATH: process.env['PATH'], NOTHING: undefined };
const program = (code: string): readonly [string, ...string[]] => [process.execPath, '--eval', code];
const run = (code: string, request: Partial<RunRequest> = {}) => runToEnd({ command: program(code), env, ...request });

/** Code that starts a process, writes its number into a file and waits until that is done. */
const leave = (file: string): string => `
  const { spawn } = require('node:child_process');
  const left = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
  require('node:fs').writeFileSync(${JSON.stringify(file)}, String(left.pid));`;

async function untilThere(file: string): Promise<void> {
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await delay(10);
}

describe('runToEnd', () => {
  it('gives what a program has written, as it is', async () => {
    const result = await run("process.stdout.write('one\\n'); process.stderr.write('two\\n');");
    expect(hasSucceeded(result)).toBe(true);
    expect([result.answer, result.stderr]).toEqual(['one\n', 'two\n']);
    expect(result.output.split('\n').toSorted()).toEqual(['', 'one', 'two']);
  });

  it('hands over its input and keeps every byte in latin1', async () => {
    const bytes = Buffer.from([0, 128, 255, 10]);
    const { answer } = await run('process.stdin.pipe(process.stdout)', { input: bytes, encoding: 'latin1' });
    expect(Buffer.from(answer, 'latin1')).toEqual(bytes);
  });

  it('keeps the input open where that is asked for', async () => {
    const code =
      "process.stdin.once('data', (text) => { console.log('got ' + text); setTimeout(() => process.exit(), 100); }).once('end', () => console.log('closed'));";
    expect((await run(code, { input: 'it', keepsInputOpen: true })).answer).toBe('got it\n');
    expect((await run(code, { input: 'it' })).answer).toBe('got it\nclosed\n');
  });

  it('hears answers on descriptor 3 and over the channel, and throws away what is printed meanwhile', async () => {
    const written = await run("console.log('noise'); require('node:fs').writeSync(3, 'answer');", {
      answersOn: 'descriptor 3',
    });
    expect(written).toMatchObject({ answer: 'answer', output: '', messages: [] });
    const sent = await run("console.log('noise'); process.send({ type: 'one' }); process.send('two');", {
      answersOn: 'channel',
    });
    expect(sent).toMatchObject({ answer: '', output: '', messages: [{ type: 'one' }, 'two'] });
  });

  it('gives the program the environment that is asked for, and nothing of its own', async () => {
    const { answer } = await run('console.log(JSON.stringify(Object.keys(process.env)))');
    expect((JSON.parse(answer) as string[]).filter((name) => !name.startsWith('__CF'))).toEqual(['PATH']);
  });

  it.each([
    ['process.exit(3)', { how: 'exited', exitCode: 3 }],
    ["process.kill(process.pid, 'SIGKILL')", { how: 'killed', signal: 'SIGKILL' }],
  ])('says how it ended: %s', async (code, end) => {
    expect((await run(code)).end).toEqual(end);
  });

  it('says that there is no such program, without the place where it was looked for', async () => {
    const { end } = await runToEnd({ command: [path.join(directory, 'no-such-program')], env });
    expect(end).toEqual({ how: 'not started', code: 'ENOENT', reason: 'spawn no-such-program ENOENT' });
  });

  it('ends what takes too long, writes too much or is not wanted any more', async () => {
    const hang = 'setInterval(() => {}, 1000);';
    expect((await run(hang, { timeLimitMs: 300 })).end).toEqual({ how: 'out of time', timeLimitMs: 300 });
    const chatter = `setInterval(() => process.stdout.write('x'.repeat(100)), 1);`;
    expect((await run(chatter, { outputLimit: 1000 })).end).toEqual({ how: 'out of bounds' });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    expect((await run(hang, { signal: abort.signal })).end).toEqual({ how: 'interrupted' });
  });

  it('does not start what is not wanted any more', async () => {
    const file = path.join(directory, 'started');
    const result = await run(`require('node:fs').writeFileSync(${JSON.stringify(file)}, '')`, {
      signal: AbortSignal.abort(),
    });
    expect([result.end.how, existsSync(file)]).toEqual(['interrupted', false]);
  });

  it('ends what a program leaves behind, which would hold its pipes open', async () => {
    const file = path.join(directory, 'left');
    expect((await run(`${leave(file)} process.exit(5);`)).end).toEqual({ how: 'exited', exitCode: 5 });
    expect(await isGone(file)).toBe(true);
  });
});

describe('startChild', () => {
  const echo = "process.on('message', (message) => process.send({ back: message })); console.error('ready');";

  it('talks over a channel until it is killed, and loses what is sent later', async () => {
    const child = startChild({ command: program(echo), env, talksOver: 'channel', timeLimitMs: patienceMs });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const stopListening = child.listen(resolve);
    child.send({ type: 'ping' });
    expect(await promise).toEqual({ back: { type: 'ping' } });
    stopListening();
    expect(child.stderr()).toBe('ready\n');
    await child.kill();
    expect((await child.ended).end).toEqual({ how: 'killed', signal: 'SIGKILL' });
    child.send({ type: 'ping' });
    expect(child.signal(0)).toBe(false);
  });

  it('keeps the end of a long stderr', async () => {
    const code = "for (let line = 0; line < 9999; line += 1) console.error('line ' + line);";
    const { stderr } = await startChild({ command: program(code), env, talksOver: 'nothing' }).ended;
    expect(stderr.length).toBe(16_384);
    expect(stderr.endsWith('line 9998\n')).toBe(true);
  });

  it('ends what a program leaves behind, at once or when it is killed', async () => {
    const file = path.join(directory, 'left');
    await startChild({ command: program(`${leave(file)} process.exit();`), env, talksOver: 'nothing' }).ended;
    expect(await isGone(file)).toBe(true);

    const later = path.join(directory, 'later');
    const child = startChild({
      command: program(`${leave(later)} process.exit();`),
      env,
      talksOver: 'stdin',
      descendants: 'outlive',
    });
    await untilThere(later);
    expect(child.signal(0)).toBe(true);
    await child.kill();
    expect(await isGone(later)).toBe(true);
  });

  it('says why a program did not start', async () => {
    const child = startChild({ command: ['no-such-program-anywhere'], env, talksOver: 'channel' });
    child.send({ type: 'ping' });
    expect((await child.ended).end).toMatchObject({ how: 'not started', code: 'ENOENT' });
    await child.kill();
  });
});
