/**
 * A recorded session as a page shows it.
 */
import { expect, it } from 'vitest';

import { showTranscript } from '../../../src/report/parts/transcript.ts';

const step = { chapter: 'one', command: 'ls', output: 'a\nb', exitCode: 0, seconds: 1.5 };

it('has each command with its output, a code that is not 0, and the time of all', () => {
  const [code, time] = showTranscript([step, { ...step, command: 'cat <<E\nx\nE', output: '', exitCode: 3 }]);
  expect(code).toMatchObject({ kind: 'code', text: '$ ls\na\nb\n\n$ cat <<E\n> x\n> E\n(exit code 3)' });
  expect(time).toMatchObject({ kind: 'paragraph', text: expect.stringContaining('3 s') });
});

it('keeps the beginning and the end of what is long', () => {
  const output = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
  const [code] = showTranscript([{ ...step, output }]);
  const lines = code?.kind === 'code' ? code.text.split('\n') : [];
  expect(lines).toContain('… 60 more lines …');
  expect([lines[1], lines.at(-1)]).toEqual(['line 0', 'line 99']);
});

it('is refused where nothing was recorded', () => {
  expect(() => showTranscript([])).toThrow(RangeError);
});
