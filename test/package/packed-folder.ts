/**
 * Where the files of a run of the slow tests share the packed package, which takes long to make; removed after the run.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    packedFolder: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
  project.provide('packedFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
