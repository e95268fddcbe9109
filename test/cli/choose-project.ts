/**
 * A project with a sample, for tests of `wirebench choose`.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const newDirectory = () => mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));

export const items = Array.from({ length: 20 }, (_, index) => ({
  id: index,
  name: `tool ${index} "quoted" ü`,
  createdAt: `2026-01-${String(index + 1).padStart(2, '0')}T10:00:00Z`,
  tags: ['a', 'b'],
}));

/** A project with a sample and what else a test puts there. */
export function newProject(files: Readonly<Record<string, string>> = {}): string {
  const directory = newDirectory();
  for (const [name, text] of Object.entries({ 'sample.json': JSON.stringify({ items }), ...files }))
    writeFileSync(path.join(directory, name), text);
  return directory;
}
