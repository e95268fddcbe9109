/**
 * The words for the end of a process.
 */
import { expect, it } from 'vitest';

import type { Ended } from '../../src/process/child.ts';
import { describeDeath, describeNonsense, describeSilence } from '../../src/process/death.ts';

const ended = (end: Ended['end'], stderr = ''): Ended => ({ end, stderr });

it.each<[string, Ended]>([
  ['ended with exit code 3 before it reported', ended({ how: 'exited', exitCode: 3 })],
  ['was killed by SIGSEGV before it reported', ended({ how: 'killed', signal: 'SIGSEGV' })],
  ['gave no answer within 0.3 s and was ended', ended({ how: 'out of time', timeLimitMs: 300 })],
  ['wrote more than such a process should and was ended', ended({ how: 'out of bounds' })],
  ['was interrupted', ended({ how: 'interrupted' })],
  ['did not start: spawn python ENOENT', ended({ how: 'not started', code: 'ENOENT', reason: 'spawn python ENOENT' })],
  [
    'ran out of memory',
    ended({ how: 'killed', signal: 'SIGABRT' }, 'FATAL ERROR: Reached heap limit: JavaScript heap out of memory\n'),
  ],
  [
    'ended with exit code 1 before it reported: Error: cannot read tools.json at /items/0',
    ended(
      { how: 'exited', exitCode: 1 },
      'file:///home/somebody/app.js:3\nError: cannot read /home/somebody/tools.json at /items/0\n    at errorHandler (app.js:3)\n',
    ),
  ],
])('reads "%s"', (words, process) => {
  expect(describeDeath(process, 'before it reported')).toBe(words);
});

it('says no more than the end where nothing was due', () => {
  expect(describeDeath(ended({ how: 'exited', exitCode: 3 }, 'Error: no'))).toBe('ended with exit code 3');
  expect(describeDeath(ended({ how: 'out of time', timeLimitMs: 2000 }))).toBe('did not end within 2 s and was ended');
});

it('shortens what makes no sense', () => {
  expect(describeNonsense('x'.repeat(200))).toBe(`reported nonsense: ${'x'.repeat(80)}`);
  expect(describeSilence('gave no report', 1500)).toBe('gave no report within 1.5 s and was ended');
});
