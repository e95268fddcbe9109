import { describe, expect, it } from 'vitest';

import packageJson from '../package.json' with { type: 'json' };
import {
  adviseInstall,
  describeMissing,
  explainLack,
  explainMissing,
  missingPackages,
  satisfiesCaret,
} from '../src/optional-packages.ts';
import { requirePackages } from '../src/require-packages.ts';
import { UserError } from '../src/user-error.ts';

const absent: readonly [string, string] = ['no-such-package', '@no-such-scope/package'];

describe('packages that only some commands need', () => {
  it('are all optional peers, so that npm installs none of them by itself', () => {
    const { peerDependencies, peerDependenciesMeta } = packageJson;
    expect(peerDependenciesMeta).toEqual(
      Object.fromEntries(Object.keys(peerDependencies).map((name) => [name, { optional: true }])),
    );
    expect(Object.keys(peerDependencies).filter((name) => name in packageJson.dependencies)).toEqual([]);
  });

  it('are wanted in caret ranges, which are all that is understood', () => {
    const ranges = Object.values(packageJson.peerDependencies);
    expect(ranges.filter((range) => !/^\^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
    // What is installed here fits, so that the program does not refuse its own checkout.
    const installed = Object.keys(packageJson.peerDependencies).filter((name) => missingPackages([name]).length === 0);
    expect(explainLack(installed)).toBeUndefined();
  });

  it.each([
    ['5.0.0', '^5.0.0', true],
    ['5.12.8', '^5.0.0', true],
    ['5.0.0-rc.1', '^5.0.0', false],
    ['5.0.1-rc.1', '^5.0.0', true],
    ['4.28.0', '^5.0.0', false],
    ['6.0.0', '^5.0.0', false],
    ['1.6.8', '^1.6.9', false],
    ['1.7.0', '^1.6.9', true],
    ['0.9.3', '^0.9.2', true],
    ['0.10.0', '^0.9.2', false],
    ['0.9.1', '^0.9.2', false],
    ['4.28.0', '*', true],
  ])('version %s of them and the range %s: %s', (version, range, fits) => {
    expect(satisfiesCaret(version, range)).toBe(fits);
  });

  it('are missing where no module of the program could import them', () => {
    expect(missingPackages(['fastify', ...absent, '@modelcontextprotocol/sdk'])).toEqual(absent);
    expect(missingPackages([])).toEqual([]);
  });

  it('are asked for in one line, with what installs them in the version that works', () => {
    expect(() => requirePackages(['fastify'], 'start the gateway')).not.toThrow();
    const error = (() => {
      try {
        requirePackages(['fastify', ...absent], 'start the gateway');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      code: 2,
      message: 'cannot start the gateway: no-such-package and @no-such-scope/package are not installed',
      hint: 'run: npm install no-such-package @no-such-scope/package',
    });
    expect(describeMissing(['vega'])).toBe('vega is not installed');
    expect(adviseInstall(['vega'])).toBe(`run: npm install vega@${packageJson.peerDependencies.vega}`);
  });

  it('are told from other reasons why a module does not load', async () => {
    const notFound: unknown = await import(absent[0]).catch((error: unknown) => error);
    expect(explainMissing(notFound, 'no-such-package')).toMatch(/^no-such-package is not installed; run: npm install /);
    expect(explainMissing(notFound, 'such')).toBeUndefined();
    expect(explainMissing(new Error("'no-such-package' is broken"), 'no-such-package')).toBeUndefined();
    expect(explainMissing('no-such-package', 'no-such-package')).toBeUndefined();
  });
});
