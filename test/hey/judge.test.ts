/**
 * What counts as an answer: errors inside a 200 are found, and words in texts are not taken for them.
 */
import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { expectedOf, Judge, type Response } from '../../src/hey/judge.ts';

const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'one' } };

function judge(body: string | Buffer, more: Partial<Response> & { payload?: unknown; method?: string } = {}) {
  const { payload = call, method = 'POST', ...response } = more;
  const expected = expectedOf(payload === null ? undefined : Buffer.from(JSON.stringify(payload)));
  return new Judge({ expected, method }).judge({
    status: 200,
    type: 'application/json',
    encoding: '',
    body: Buffer.from(body),
    ...response,
  });
}

function answer(more: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, ...more });
}

describe('expectedOf', () => {
  it('finds the requests of a payload, and nothing in what is none', () => {
    const ids = (value: unknown) => expectedOf(Buffer.from(JSON.stringify(value))).ids;
    expect(ids(call)).toEqual(['1']);
    expect(ids([call, { ...call, id: 'b' }, { jsonrpc: '2.0', method: 'notifications/initialized' }])).toEqual([
      '1',
      '"b"',
    ]);
    expect(ids({ id: 1, method: 'POST' })).toEqual([]);
    expect(expectedOf(Buffer.from('no JSON')).ids).toEqual([]);
    expect(expectedOf(undefined).ids).toEqual([]);
  });
});

describe('Judge', () => {
  it('takes a result, whatever words are in it', () => {
    expect(
      judge(answer({ result: { content: [{ type: 'text', text: '{"error": {"code": 1}, "isError": true}' }] } })),
    ).toBe(undefined);
    expect(judge(answer({ result: { isError: false, error: 'a field of the result' } }))).toBe(undefined);
    expect(judge(answer({ result: null, error: null }))).toBe(undefined);
  });

  it('finds an error of JSON-RPC inside a 200, also where its key is written with escapes', () => {
    expect(judge(answer({ error: { code: -32602, message: 'unknown tool' } }))).toEqual({
      kind: 'JSON-RPC error -32602',
      example: 'unknown tool',
    });
    expect(judge(String.raw`{"jsonrpc":"2.0","id":1,"\u0065rror":{"code":-1}}`)?.kind).toBe('JSON-RPC error -1');
    expect(judge(answer({ error: 'without a code' }))?.kind).toBe('JSON-RPC error');
    // Where the request could not be read, its id is not known.
    expect(judge('{"jsonrpc":"2.0","id":null,"error":{"code":-32700}}')?.kind).toBe('JSON-RPC error -32700');
  });

  it('finds a result of a tool that failed', () => {
    expect(judge(answer({ result: { isError: true, content: [{ type: 'text', text: 'no disk' }] } }))).toEqual({
      kind: 'isError',
      example: 'no disk',
    });
  });

  it('wants an answer to each request of a batch', () => {
    const payload = [call, { ...call, id: 2 }];
    const whole = [1, 2].map((id) => ({ jsonrpc: '2.0', id, result: {} }));
    expect(judge(JSON.stringify(whole), { payload })).toBe(undefined);
    expect(judge(JSON.stringify(whole.slice(1)), { payload })?.kind).toBe('no answer of JSON-RPC');
    expect(judge(JSON.stringify([whole[0], { jsonrpc: '2.0', id: 2, error: { code: 5 } }]), { payload })?.kind).toBe(
      'JSON-RPC error 5',
    );
    expect(judge(answer({ id: 7, result: {} }))?.kind).toBe('no answer of JSON-RPC');
  });

  it('reads answers out of events, beside what else the server says', () => {
    const type = 'text/event-stream';
    const event = (data: string): string => `event: message\ndata: ${data}\n\n`;
    const progress = event('{"jsonrpc":"2.0","method":"notifications/progress","params":{}}');
    expect(judge(progress + event(answer({ result: {} })), { type })).toBe(undefined);
    expect(judge(progress + event(answer({ error: { code: 9 } })), { type })?.kind).toBe('JSON-RPC error 9');
    expect(judge(progress, { type })?.kind).toBe('no answer of JSON-RPC');
    expect(judge(event(answer({ result: {} })).trimEnd(), { type })?.kind).toBe('events that are cut off');
    expect(judge(event('no JSON'), { type })?.kind).toBe('body that is no JSON');
  });

  it('looks into encoded bodies', () => {
    const body = gzipSync(answer({ error: { code: 3 } }));
    expect(judge(body, { encoding: 'gzip' })?.kind).toBe('JSON-RPC error 3');
    expect(judge(body.subarray(0, 20), { encoding: 'gzip' })?.kind).toBe('body that cannot be decompressed');
    expect(judge(body, { encoding: 'unknown' })?.kind).toBe('body that cannot be decompressed');
  });

  it('finds bodies that are empty, no JSON, or cut off', () => {
    expect(judge('')?.kind).toBe('empty body');
    expect(judge('', { status: 202 })?.kind).toBe('empty body');
    expect(judge('<html>', { type: 'text/html' })?.kind).toBe('body that is no JSON');
    expect(judge(answer({ result: {} }).slice(0, -1))?.kind).toBe('body that is no JSON');
  });

  it('asks nothing of JSON-RPC of other payloads', () => {
    const payload = null;
    expect(judge('<html>', { payload, type: 'text/html' })).toBe(undefined);
    expect(judge('[{"error":"of an entity"}]', { payload })).toBe(undefined);
    expect(judge('', { payload, type: 'text/plain' })).toBe(undefined);
    expect(judge('', { payload, status: 204 })).toBe(undefined);
    expect(judge('', { payload, method: 'HEAD' })).toBe(undefined);
    expect(judge('{"a":', { payload })?.kind).toBe('body that is no JSON');
    expect(judge('', { payload })?.kind).toBe('empty body');
    expect(judge(answer({ error: { code: 4 } }), { payload })?.kind).toBe('JSON-RPC error 4');
  });

  it('counts other statuses under their number, with the start of what the server says', () => {
    expect(judge('{"detail":"no token"}', { status: 401 })).toEqual({
      kind: 'HTTP 401',
      example: '{"detail":"no token"}',
    });
    expect(judge('', { status: 302 })).toEqual({ kind: 'HTTP 302' });
  });

  it('says the same of bytes that it has seen before, and never of others', () => {
    const bodies = fc.array(
      fc.constantFrom(
        answer({ result: {} }),
        answer({ result: { isError: true } }),
        answer({ error: { code: 1 } }),
        answer({ error: { code: 2 } }),
        answer({ result: { text: 'error' } }),
        answer({ result: { text: 'errno' } }),
        '{}',
        '{',
      ),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(bodies, (list) => {
        const remembering = new Judge({ expected: expectedOf(Buffer.from(JSON.stringify(call))), method: 'POST' });
        // What comes in is read into the same bytes again and again.
        const shared = Buffer.alloc(200);
        for (const body of list) {
          const length = shared.write(body);
          const response = { status: 200, type: 'application/json', encoding: '', body: shared.subarray(0, length) };
          expect(remembering.judge(response)).toEqual(judge(body));
        }
      }),
    );
  });

  it('agrees with JSON.parse on what is cut off anywhere', () => {
    const values = fc.record({ result: fc.jsonValue() });
    fc.assert(
      fc.property(values, fc.nat(), (value, cut) => {
        const body = Buffer.from(answer(value));
        const start = body.subarray(0, cut % body.length);
        expect(judge(start)).toBeDefined();
      }),
    );
  });
});
