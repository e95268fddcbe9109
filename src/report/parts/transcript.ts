/**
 * A recorded session in a shell, as blocks: each command with what it printed, and how long all of it took.
 */
import type { TranscriptStep } from '../../model/transcript.ts';
import type { Block } from '../document.ts';
import { paragraph } from './blocks.ts';
import { formatDuration } from '../quantities.ts';

/** More lines of one command than this are cut out of its middle; arbitrary, so that a page stays readable. */
const mostLines = 40;

/** @throws {RangeError} where nothing was recorded. */
export function showTranscript(steps: readonly TranscriptStep[]): Block[] {
  if (steps.length === 0) throw new RangeError('no step of that chapter is recorded');
  const text = steps
    .map(({ command, output, exitCode }) => {
      const lines = output === '' ? [] : shorten(output.split('\n'));
      const code = exitCode === 0 ? [] : [`(exit code ${exitCode})`];
      return [
        ...command.split('\n').map((line, index) => `${index === 0 ? '$' : '>'} ${line}`),
        ...lines,
        ...code,
      ].join('\n');
    })
    .join('\n\n');
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    { kind: 'code', text, language: 'text' },
    paragraph(`Recorded; from the first command to the last answer ${formatDuration(total * 1000)}.`),
  ];
}

function shorten(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines;
  const half = mostLines / 2;
  return [...lines.slice(0, half), `… ${lines.length - mostLines} more lines …`, ...lines.slice(-half)];
}
