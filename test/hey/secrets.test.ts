/**
 * No token, cookie or key of a request is shown to anybody.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createHider, hideHeader, isSecret, showUrl } from '../../src/hey/secrets.ts';

const value = 'v4lue-of-a-secret';

describe('isSecret', () => {
  it.each([
    'Authorization',
    'authorization',
    'Proxy-Authorization',
    'Cookie',
    'X-Api-Key',
    'X-Auth-Token',
    'X-Client-Secret',
    'Mcp-Session-Id',
    'X-Amz-Signature',
  ])('knows %s by its name', (name) => {
    expect(isSecret({ name, value })).toBe(true);
    expect(hideHeader({ name, value })).toEqual({ name, value: '***' });
  });

  it.each(['Bearer abc', 'basic dXNlcg==', 'ghp_abcdefghijklmnop', 'key=abc', 'http://127.0.0.1/?key=abc'])(
    'knows %j by its look',
    (text) => {
      expect(isSecret({ name: 'X-Anything', value: text })).toBe(true);
    },
  );

  it.each([
    ['Accept', 'application/json, text/event-stream'],
    ['Accept', 'text/html;q=0.9, */*;q=0.1'],
    ['Content-Type', 'application/json; charset=utf-8'],
    ['User-Agent', 'wirebench'],
    ['Origin', 'http://127.0.0.1:4444'],
    ['Prefer', 'return=minimal'],
  ])('leaves %s: %s alone', (name, text) => {
    expect(hideHeader({ name, value: text })).toEqual({ name, value: text });
  });
});

describe('showUrl', () => {
  it('hides values in the query and credentials in the path', () => {
    expect(showUrl(new URL('http://localhost:4444/tools?limit=10&api_key=abc&q=a%20b'))).toBe(
      'http://localhost:4444/tools?limit=10&api_key=***&q=a+b',
    );
    expect(showUrl(new URL('http://localhost/s/0123456789abcdef0123456789abcdef/mcp'))).toBe(
      'http://localhost/s/***/mcp',
    );
    expect(showUrl(new URL('http://localhost/rpc'))).toBe('http://localhost/rpc');
  });
});

describe('createHider', () => {
  const headers = [
    { name: 'Authorization', value: 'Bearer t0ken-of-the-user' },
    { name: 'Cookie', value: 'theme=dark; id=c00kie-of-the-user' },
    { name: 'Accept', value: 'text/plain' },
  ];
  const urls = [new URL('http://localhost/?access_token=t0ken-in-the-query')];
  const hide = createHider({ headers, urls });

  it('takes secrets out of what a server says of them', () => {
    expect(hide('bad token t0ken-of-the-user')).toBe('bad token ***');
    expect(hide('unknown session c00kie-of-the-user')).toBe('unknown session ***');
    expect(hide('no such token: t0ken-in-the-query')).toBe('no such token: ***');
    expect(hide('accepts text/plain')).toBe('accepts text/plain');
  });

  it('leaves no secret in any text', () => {
    const secrets = ['t0ken-of-the-user', 'c00kie-of-the-user', 't0ken-in-the-query'];
    const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom(...secrets)));
    fc.assert(
      fc.property(texts, (parts) => {
        const shown = hide(parts.join(' '));
        for (const secret of secrets) expect(shown).not.toContain(secret);
      }),
    );
  });
});
