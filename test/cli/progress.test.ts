/**
 * What a long command tells on stderr: lines in a pipe, one line that is rewritten on a terminal.
 */
import { describe, expect, it } from 'vitest';

import { openProgress } from '../../src/cli/progress.ts';

/** What a terminal understands: the rest of a line is erased, the cursor is shown or not, long lines are cut off or not. */
const [clear, cursorOn, cursorOff] = ['\u001B[0K', '\u001B[?25h', '\u001B[?25l'];
const [wrapOn, wrapOff] = ['\u001B[?7h', '\u001B[?7l'];

/** A stderr that keeps what is written, and a clock that stands where it is put. */
function open(terminal: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const stderr = { write: (text: string) => written.push(text), ...terminal };
  return { written, clock, progress: openProgress({ stderr, now: () => clock.ms }) };
}

describe('in a pipe', () => {
  it('says what a stage is, and how far it is now and then', () => {
    const { progress, written, clock } = open();
    progress.beginStage({ title: '40 cells', expectedMs: 40_000 });
    for (let cell = 0; cell < 40; cell += 1) {
      progress.beginTask(`cell ${cell}`, 1000);
      clock.ms += 2000;
    }
    progress.end();
    expect(written[0]).toBe('wirebench: 40 cells, about 40 s\n');
    expect(written[1]).toBe('wirebench: 0% done, 40 s left, now cell 0\n');
    expect(written[3]).toBe('wirebench: 20% done, 1 min 4 s left, now cell 8\n');
    expect(written.length).toBeLessThanOrEqual(12);
    expect(written.join('')).not.toContain('\u001B');
  });

  it('takes time for work where tasks have no length of their own', () => {
    const { progress, written, clock } = open();
    progress.beginStage({ expectedMs: 10_000, spentMs: 5000 });
    clock.ms = 1000;
    progress.beginTask('x');
    expect(written).toEqual(['wirebench: 60% done, 4 s left, now x\n']);
  });

  it('shows names of others as one line', () => {
    const { progress, written } = open();
    progress.say('a\n\u001B[2Jb');
    expect(written.join('')).toBe('wirebench: a⏎␛[2Jb\n');
  });
});

describe('on a terminal', () => {
  it('rewrites one line, which never wraps, and leaves nothing of it behind', () => {
    const { progress, written } = open({ isTTY: true, columns: 40 });
    progress.beginStage({ expectedMs: 2000 });
    progress.beginTask('a name', 1000);
    progress.beginTask('another', 1000);
    progress.end();
    const all = written.join('');
    expect(all).not.toContain('\n');
    expect(all.indexOf(wrapOff)).toBeLessThan(all.indexOf('%'));
    expect(all).toContain('50%');
    expect(all.lastIndexOf(wrapOn)).toBeGreaterThan(all.lastIndexOf(wrapOff));
    expect(all.lastIndexOf(cursorOn)).toBeGreaterThan(all.lastIndexOf(cursorOff));
    expect(all.lastIndexOf(clear)).toBeGreaterThan(all.lastIndexOf('%'));
  });

  it('makes room for a line that stays', () => {
    const { progress, written } = open({ isTTY: true });
    progress.beginStage({ expectedMs: 1000 });
    progress.beginTask('x', 1000);
    progress.say('note');
    const all = written.join('');
    expect(all.endsWith('wirebench: note\n')).toBe(true);
    expect(all.lastIndexOf(clear)).toBeGreaterThan(all.lastIndexOf('%'));
    progress.beginTask('y', 1000);
    progress.end();
    expect(written.join('')).toContain('100%');
  });
});
