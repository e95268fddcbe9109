/**
 * Headers as they were typed, and how they go together with those that every request needs.
 */
import { describe, expect, it } from 'vitest';

import { completeHeaders, parseHeaders, toRecord } from '../../src/hey/headers.ts';

describe('parseHeaders', () => {
  it('reads names and values, whatever blanks and colons are in them', () => {
    expect(parseHeaders(['Accept: text/plain', 'X-Time:12:30', ' A :  b ', 'X-Name: caf\u00e9'])).toEqual([
      { name: 'Accept', value: 'text/plain' },
      { name: 'X-Time', value: '12:30' },
      { name: 'A', value: 'b' },
      { name: 'X-Name', value: 'caf\u00e9' },
    ]);
  });

  it.each([
    ['Bearer s3cret', 'it has no colon'],
    ['s3cret value: x', 'no name'],
    [': s3cret', 'no name'],
    ['X-Key:', 'the value of X-Key is empty'],
    ['X-Key: s3cret\r\nX-Other: y', 'holds characters that no header can have'],
    ['X-Key: s3cret \u20ac', 'holds characters that no header can have'],
    ['Content-Length: 5', 'Content-Length cannot be set'],
    ['Connection: close', '--disable-keepalive'],
  ])('refuses %j and quotes nothing of it', (text, reason) => {
    const read = (): unknown => parseHeaders(['A: b', text]);
    expect(read).toThrow(reason);
    expect(read).toThrow('header 2 of -H');
    expect(read).not.toThrow('s3cret');
  });
});

describe('completeHeaders', () => {
  const usual = { typed: [], token: {}, contentType: 'application/json', accept: '*/*' };

  it('adds what every request needs', () => {
    expect(completeHeaders(usual).map(({ name }) => name)).toEqual(['User-Agent', 'Accept', 'Content-Type']);
    expect(completeHeaders({ ...usual, contentType: undefined }).map(({ name }) => name)).toEqual([
      'User-Agent',
      'Accept',
    ]);
  });

  it('lets typed ones stand in their place, in any case', () => {
    const typed = [{ name: 'accept', value: 'text/plain' }];
    expect(completeHeaders({ ...usual, typed }).filter(({ name }) => /^accept$/i.test(name))).toEqual(typed);
  });

  it('refuses a second token', () => {
    const token = { authorization: 'Bearer abc' };
    expect(completeHeaders({ ...usual, token }).at(-1)).toEqual({ name: 'Authorization', value: 'Bearer abc' });
    const typed = [{ name: 'AUTHORIZATION', value: 'Bearer def' }];
    expect(() => completeHeaders({ ...usual, token, typed })).toThrow('two tokens');
  });
});

it('joins headers of one name as lists and cookies are written', () => {
  const list = [
    { name: 'X-A', value: '1' },
    { name: 'x-a', value: '2' },
    { name: 'Cookie', value: 'a=1' },
    { name: 'Cookie', value: 'b=2' },
  ];
  expect(toRecord(list)).toEqual({ 'x-a': '1, 2', cookie: 'a=1; b=2' });
});
