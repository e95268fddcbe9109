import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { loadRegistry } from '../../src/registry/registry.ts';
import { invoke } from './invoke.ts';

describe('the documents', () => {
  it('hold what the registry, the help texts and the committed run say today', async () => {
    expect(await invoke(['docs', '--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('the page of commands', () => {
  it('has a section for every command there is', () => {
    const commands = readdirSync(new URL('../../src/cli/commands', import.meta.url));
    const page = readFileSync(new URL('../../docs/reference/commands.md', import.meta.url), 'utf8');
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter((name) => !page.includes(`\n## ${name.replace('.ts', '')}\n`))).toEqual([]);
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
