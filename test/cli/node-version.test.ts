/**
 * What somebody with an unsupported Node.js is told, and who is told nothing.
 */
import path from 'node:path';

import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

import { isSupportedNode, nodeRange, supportedNodes } from '../../src/cli/node-version.ts';

describe('a version of Node.js', () => {
  it.each([
    '22.22.2',
    '22.22.10',
    '22.30.0',
    '24.15.0',
    '24.100.1',
    '26.0.0',
    '26.10.0',
    '27.1.0',
    '30.0.0',
    '26.0.0-nightly2026',
  ])('%s is supported', (version) => {
    expect(isSupportedNode(version)).toBe(true);
  });

  it.each(['0.12.18', '18.20.0', '20.20.2', '22.22.1', '22.3.9', '23.11.0', '24.14.9', '25.9.0', ''])(
    '%s is not',
    (version) => {
      expect(isSupportedNode(version)).toBe(false);
    },
  );

  it('is described in words and in the notation of package.json alike', () => {
    const releases = (text: string): string[] => text.match(/\d+\.\d+\.\d+/g) ?? [];
    expect(releases(supportedNodes)).toEqual(releases(nodeRange));
    expect(supportedNodes).toMatch(/a later 24, 26\.0\.0 or later$/);
  });
});

describe('the program on an unsupported Node.js', () => {
  it('ends with exit code 2 and one sentence, before anything else is loaded', async () => {
    const old =
      "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})";
    const main = path.join(import.meta.dirname, '../../src/cli/main.ts');
    const result = await execa(process.execPath, ['--import', old, main, '--help'], { reject: false });
    expect(result).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: `wirebench: Node.js 20.1.0 cannot run wirebench: it needs ${supportedNodes}; install one of these`,
    });
  });
});
