/**
 * Which servers of the user's may be measured, and with which token.
 */
import { describe, expect, it } from 'vitest';

import { openSite, parseHeaderEnv } from '../../../src/load/servers/user-site.ts';

describe('openSite', () => {
  const open = (url: string, options: object = {}) => openSite({ url, env: { TOKEN: 'abc', BAD: 'a\nb' }, ...options });

  it('takes this machine under all of its names and keeps a path', () => {
    expect(['http://localhost:1', 'http://127.9.9.9:1/', 'http://[::1]:1/base/'].map((url) => open(url).url)).toEqual([
      'http://localhost:1',
      'http://127.9.9.9:1',
      'http://[::1]:1/base',
    ]);
  });

  it('asks the endpoint of an MCP server as it stands', () => {
    expect(open('http://localhost:1/mcp/', { mcp: true })).toEqual({
      url: 'http://localhost:1/mcp/',
      headers: {},
      isMcp: true,
    });
  });

  it('refuses another host unless somebody says that it is theirs', () => {
    for (const url of [
      'http://example.com',
      'http://localhost.example.com',
      'http://127.0.0.1.example.com',
      'http://0x7f.example',
      'http://10.0.0.1',
    ]) {
      expect(() => open(url)).toThrow('it is not this machine');
    }
    expect(open('https://example.com', { ownThisHost: true }).url).toBe('https://example.com');
  });

  it('refuses what is no address and what hides credentials, without showing them', () => {
    expect(() => open('ftp://localhost')).toThrow('no http or https address');
    expect(() => open('localhost:80')).toThrow('no http or https address');
    expect(() => open('http://user:secret@localhost')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') as string }) as Error,
    );
    expect(() => open('http://localhost/?a=1')).toThrow('cannot have a query');
  });

  it('reads a token from the environment and never quotes it', () => {
    expect(open('http://localhost', { tokenEnv: 'TOKEN' }).headers).toEqual({ authorization: 'Bearer abc' });
    expect(() => open('http://localhost', { tokenEnv: 'NONE' })).toThrow('"NONE" is not set');
    expect(() => open('http://localhost', { tokenEnv: 'BAD' })).toThrow(
      /"BAD" holds characters that no header can have$/,
    );
  });

  it('reads further headers from the environment and never quotes their values', () => {
    const key = {
      headerEnv: { 'x-api-key': 'TOKEN', authorization: 'BASIC' },
      env: { TOKEN: 'abc', BASIC: 'Basic Og==' },
    };
    expect(open('http://localhost', key).headers).toEqual({ 'x-api-key': 'abc', authorization: 'Basic Og==' });
    expect(() => open('http://localhost', { headerEnv: { 'x-api-key': 'NONE' } })).toThrow(
      'no value for the header x-api-key: the environment variable "NONE" is not set',
    );
    expect(() => open('http://localhost', { headerEnv: { 'x-api-key': 'BAD' } })).toThrow(
      /"BAD" holds characters that no header can have$/,
    );
  });
});

describe('parseHeaderEnv', () => {
  it('takes a header and a variable', () => {
    expect(parseHeaderEnv('X-Api-Key=GATEWAY_KEY')).toEqual(['x-api-key', 'GATEWAY_KEY']);
  });

  it.each(['', 'x-api-key', 'x-api-key=', '=KEY', 'x api=KEY', 'x-api-key: sec-ret', 'x-api-key=sec-ret'])(
    'refuses %j without showing it',
    (typed) => {
      expect(() => parseHeaderEnv(typed)).toThrow(/^--header-env is no pair of a header and an environment variable$/);
    },
  );

  it.each(['Host', 'content-length', 'Mcp-Session-Id', 'accept'])('refuses %s, which the client sets', (name) => {
    expect(() => parseHeaderEnv(`${name}=KEY`)).toThrow('the client sets it itself');
  });
});
