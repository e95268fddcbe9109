/**
 * The time that a server over stdio may take, with servers that start, do a part and then hang.
 *
 * They need some of that time to start, so it is long, and that makes the tests slow.
 */
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createWorkspace, stdioServer, type Workspace } from '../fixtures/record/run-record.ts';
import { isGone } from './processes.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace.remove());

describe('record -- COMMAND', () => {
  it.each(['hang', 'hang-with-child'])(
    'ends a server after its time, with all of its processes: %s',
    async (behaviour) => {
      const pidFile = join(workspace.cwd, 'pid');
      const { code, stderr } = await workspace.run(['--timeout', '15', '--', ...stdioServer(behaviour, pidFile)]);
      expect(code).toBe(2);
      expect(stderr).toContain('no complete answer within 15 s');
      expect(await isGone(pidFile)).toBe(true);
    },
  );

  it('counts the time over all pages', async () => {
    const { code, stderr } = await workspace.run(['--timeout', '15', '--', ...stdioServer('slow-second-page')]);
    expect(code).toBe(2);
    expect(stderr).toContain('--timeout');
  });
});
