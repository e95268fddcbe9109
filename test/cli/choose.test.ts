import { describe, expect, it } from 'vitest';

import { newProject } from './choose-project.ts';
import { invoke } from './invoke.ts';

describe('bad input to choose', () => {
  const deep = `${'['.repeat(5)}1`;
  const cases: [string, string[], string][] = [
    ['nothing to choose for', [], 'no --sample and no --mix'],
    ['a sample that is not there', ['--sample', 'nowhere.json'], 'nowhere.json'],
    ['a sample that is not JSON', ['--sample', 'broken.json'], 'not JSON'],
    [
      'an unknown serializer',
      ['--sample', 'sample.json', '--contender', 'gateway-serialiser'],
      "did you mean 'gateway-serializer'?",
    ],
    [
      'a parser as a serializer',
      ['--sample', 'sample.json', '--contender', 'json-parse'],
      "unknown serializer 'json-parse'",
    ],
    ['an unknown flag to accept', ['--sample', 'sample.json', '--accept', 'binry'], "did you mean 'binary'?"],
    ['an unknown type', ['--sample', 'sample.json', '--types', 'createdAt=dat'], 'date'],
    ['a type without a place', ['--sample', 'sample.json', '--types', 'updatedAt=date'], 'updatedAt'],
    ['a schema that is none', ['--sample', 'sample.json', '--schema', 'schema.json'], 'schema.json'],
    ['a sample beside a mix', ['--sample', 'sample.json', '--mix', 'mix.json'], 'exclude each other'],
    ['an unknown runtime', ['--sample', 'sample.json', '--runtime', 'nodejs@22'], 'nodejs'],
    ['a bandwidth without a unit', ['--sample', 'sample.json', '--bandwidth', '100'], "'100' is not a bandwidth"],
    ['a rate of nothing', ['--sample', 'sample.json', '--rate', '0'], "'0' is not a number of responses"],
    ['an unknown format', ['--sample', 'sample.json', '--format', 'markdwon'], "did you mean 'markdown'?"],
    ['a URL of another scheme', ['--sample', 'ftp://example.org/x.json'], 'ftp'],
    ['a recording that is not there', ['--sample', 'recorded/nothing-of-that-name'], 'nothing-of-that-name'],
  ];
  it.each(cases)('answers %s with a message on stderr and exit code 2', async (_title, argv, message) => {
    const cwd = newProject({
      'broken.json': deep,
      'schema.json': '{ "type": "objct" }',
      'mix.json': '{ "responses": [] }',
    });
    const { code, stdout, stderr } = await invoke(['choose', ...argv], { cwd });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^wirebench: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
