import { describe, expect, it } from 'vitest';

import { childEnvironment } from '../../src/process/child-environment.ts';

describe('the environment of a process whose code is not ours', () => {
  it('holds what a program needs to run, and no secret', () => {
    const env = {
      PATH: '/bin',
      HOME: '/home/a',
      LC_ALL: 'C.UTF-8',
      GITHUB_TOKEN: 'secret',
      NPM_TOKEN: 'secret',
      NODE_OPTIONS: '--require=x',
      empty: undefined,
    };
    expect(childEnvironment(env)).toEqual({ PATH: '/bin', HOME: '/home/a', LC_ALL: 'C.UTF-8' });
  });

  it('holds what is asked for by name', () => {
    expect(childEnvironment({ API_KEY: '1', OTHER: '2' }, ['API_KEY'])).toEqual({ API_KEY: '1' });
  });

  it('compares names as Windows does', () => {
    expect(childEnvironment({ Path: 'C:\\', SystemRoot: 'C:\\Windows' })).toEqual({
      Path: 'C:\\',
      SystemRoot: 'C:\\Windows',
    });
  });

  it('leaves out what a shell would run', () => {
    expect(childEnvironment({ SHELL: '() { :; }; echo planted' })).toEqual({});
  });
});
