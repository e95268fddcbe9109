import { describe, expect, it } from 'vitest';

import { loadRegistry } from '../../src/registry/registry.ts';
import { invoke } from './invoke.ts';

describe('the documents', () => {
  it('hold what the registry, the help texts and the committed run say today', async () => {
    expect(await invoke(['docs', '--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('wirebench inventory', () => {
  it('lists every contender and payload that is registered', async () => {
    const { contenders, payloads } = await loadRegistry();
    const { code, stdout } = await invoke(['inventory', '--format', 'markdown']);
    expect(code).toBe(0);
    expect([...contenders, ...payloads].filter(({ id }) => !stdout.includes(`| ${id} |`))).toEqual([]);
  });
});
