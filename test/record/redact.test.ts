/**
 * What a recording may say of its source: examples of commands and URLs that carry credentials.
 */
import { describe, expect, it } from 'vitest';

import { toRecordingName } from '../../src/record/save.ts';
import { createRedactor, describeCommand, describeUrl } from '../../src/record/redact.ts';

describe('describeCommand', () => {
  it('keeps a command without credentials as it is', () => {
    const command = [
      'npx',
      '-y',
      '@modelcontextprotocol/server-filesystem@2026.8.31',
      './docs',
      '--port=8080',
      '--read-only',
    ];
    expect(describeCommand(command)).toEqual(command);
  });

  it.each([
    [
      ['--api-key', 'abc'],
      ['--api-key', '***'],
    ],
    [['--api-key=abc'], ['--api-key=***']],
    [['GITHUB_TOKEN=abc'], ['GITHUB_TOKEN=***']],
    [
      ['-H', 'X-Anything: abc'],
      ['-H', '***'],
    ],
    [['Authorization: Bearer abc'], ['***']],
    [['Bearer abc'], ['***']],
    [['postgres://user:pass@db.example/catalog?ssl=1'], ['postgres://db.example/catalog']],
    [['--database=postgres://user:pass@db.example/catalog'], ['--database=postgres://db.example/catalog']],
    [['ghp_abcdefghijklmnop'], ['***']],
    [
      ['--connection', 'a1B2c3D4e5F6g7H8i9J0k1'],
      ['--connection', '***'],
    ],
    [['0123456789abcdef0123456789abcdef'], ['***']],
  ])('hides the credential in %j', (command, described) => {
    expect(describeCommand(command)).toEqual(described);
  });
});

describe('describeUrl', () => {
  it('drops user, query and fragment, and hides what looks issued in the path', () => {
    const url = new URL('https://me:pw@example.org:8443/s/0123456789abcdef0123456789abcdef/mcp?key=1#x');
    expect(describeUrl(url)).toBe('https://example.org:8443/s/***/mcp');
  });
});

describe('createRedactor', () => {
  it('hides the whole value and the credential in it, plain and escaped', () => {
    const redact = createRedactor('Basic a"b/c+d==');
    expect(redact('sent Basic a"b/c+d== here')).toBe('sent *** here');
    expect(redact(JSON.stringify({ token: 'a"b/c+d==' }))).toBe('{"token":"***"}');
    expect(redact(`?t=${encodeURIComponent('a"b/c+d==')}`)).toBe('?t=***');
  });

  it('leaves text alone where there is no secret', () => {
    expect(createRedactor(undefined)('Basic text')).toBe('Basic text');
  });
});

describe('toRecordingName', () => {
  it.each([
    ['mcp-servers/everything', 'mcp-servers-everything'],
    ['My Gateway (v2)', 'my-gateway-v2'],
    ['MongoDB MCP Server', 'mongo-db-mcp-server'],
    ['Café Über', 'cafe-uber'],
    ['../../etc/passwd', 'etc-passwd'],
    ['x'.repeat(200), 'x'.repeat(60)],
  ])('makes a file name of %j', (title, name) => {
    expect(toRecordingName(title)).toBe(name);
  });

  it.each(['', '工具', 'CON', '---'])('asks for a name where nothing usable is left of %j', (title) => {
    expect(() => toRecordingName(title)).toThrow('no file name can be made');
  });
});
