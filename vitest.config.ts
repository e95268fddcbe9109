/**
 * Two loops: `fast` is what people wait for, `slow` (`*.slow.test.ts`) is what needs a browser, packages or minutes.
 *
 * Fast files share two processes, so that what they import is loaded once; those that change what modules or a process
 * are to others run apart. Time limits are no test of speed: they end what hangs, on the slowest machine.
 */
import { defineConfig } from 'vitest/config';

const slow = ['{test,packages}/**/*.slow.test.ts'];
/** Another user id for a while. */
const apart = ['test/gateway/store/files.test.ts'];

export default defineConfig({
  test: {
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: { name: 'fast', include: ['{test,packages}/**/*.test.ts'], exclude: [...slow, ...apart], isolate: false },
      },
      { extends: true, test: { name: 'fast-apart', include: apart } },
      { extends: true, test: { name: 'slow', include: slow, globalSetup: 'test/package/packed-folder.ts' } },
    ],
  },
});
