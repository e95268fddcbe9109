import { describe, expect, it } from 'vitest';

import { invoke, words } from './invoke.ts';

describe('wirebench users', () => {
  it('lists classes with their tasks and shares, and asks no server', async () => {
    const { code, stdout } = await invoke(words('users heavy --list'));
    expect(code).toBe(0);
    expect(stdout).toContain(
      'FastTimeUser: an agent that asks for the time; weight 20, 42 of 200 users, waits 0.1 to 0.5 s',
    );
    expect(stdout).toContain('GET /tools/{tools.id}');
    expect(stdout).toMatch(/200 users on http:\/\/127\.0\.0\.1:4444, 20 a second, 120 s\n$/);
  });

  it('takes what was not given from variables, and what was given before them', async () => {
    const env = {
      LOADTEST_USERS: '7',
      LOADTEST_SPAWN_RATE: '0.5',
      LOADTEST_RUN_TIME: '1h30m',
      LOADTEST_HOST: 'http://[::1]:1',
    };
    const { stdout } = await invoke(words('users --list --users 9'), { env });
    expect(stdout).toMatch(/9 users on http:\/\/\[::1\]:1, 0\.5 a second, 5400 s\n$/);
  });

  it('has the weights of the code of the page, too', async () => {
    const { stdout } = await invoke(words('users --list --weights contextforge --class RealisticUser,admin-ui'));
    expect(stdout).toContain('RealisticUser: a bit of everything; weight 10');
    expect(stdout).toContain('AdminUIUser: a person in front of the admin page; weight 3');
    expect(stdout).not.toContain('HealthCheckUser');
  });

  it.each<[string, string[], string, Record<string, string>?]>([
    ['an unknown preset', ['heavvy'], "did you mean 'heavy'?"],
    ['an unknown class', ['--class', 'FastTimeUsr'], "did you mean 'FastTimeUser'?"],
    ['no users', ['--users', '0'], "'0' is not a number of users"],
    ['a spawn rate that is none', ['--spawn-rate', 'fast'], "'fast' is not a number of users a second"],
    ['a time that is none', ['--run-time', 'soon'], "'soon' is not a length of time"],
    ['a variable that cannot be', [], 'cannot use the variable LOADTEST_USERS', { LOADTEST_USERS: '-3' }],
    ['another host', ['--host', 'http://example.org'], 'it is not this machine'],
    ['an address with credentials', ['--host', 'http://a:b@127.0.0.1:1'], 'the address holds credentials'],
    ['a token that is not there', ['--token-env', 'NO_SUCH_TOKEN'], 'NO_SUCH_TOKEN'],
    ['a server that is not there', ['--host', 'http://127.0.0.1:1'], 'cannot reach 127.0.0.1:1: ECONNREFUSED'],
    ['an option of masters', ['--expect-workers', '2'], '--expect-workers goes with --master'],
    ['an option of workers', ['--master', '--master-host', 'a'], '--master-host goes with --worker'],
    ['a master that is a worker', ['--master', '--worker'], "'--master' cannot be used with option '--worker'"],
    [
      'a master without Locust',
      ['--master'],
      'Locust is not installed; run: apt-get install python3-locust',
      { PATH: '/nowhere' },
    ],
    ['an unknown format', ['--format', 'markdwon'], "did you mean 'markdown'?"],
  ])('answers %s with a message on stderr and exit code 2', async (_what, argv, message, env = {}) => {
    const { code, stdout, stderr } = await invoke(['users', ...argv], { env });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^wirebench: |^error: /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
