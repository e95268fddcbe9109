import { describe, expect, it } from 'vitest';

import type { AnswerCheck } from '../../src/model/users.ts';
import { judgeAnswer } from '../../src/users/requests/answers.ts';

function judge(check: AnswerCheck, body: string, { status = 200, type = 'application/json' } = {}): string | undefined {
  const answer = { status, headers: { 'content-type': type }, body: Buffer.from(body) };
  return judgeAnswer(answer, { check, needsValue: false }).failure;
}

const long = 'x'.repeat(20_000);
const framed = (message: string): string => `event: message\nid: 1\ndata: ${message}\n\n`;

describe('an answer', () => {
  it.each<[string, AnswerCheck, string, string | undefined]>([
    ['of any kind', 'any', 'anything', undefined],
    ['of JSON', 'json', '{"a":1}', undefined],
    ['of no JSON', 'json', '<html>', 'no JSON'],
    ['that is empty where JSON is wanted', 'json', '', 'no JSON'],
    ['that was cut off', 'json', '[{"a":1},{"b', 'cut off'],
    ['that is long and was cut off', 'json', `[{"a":"${long}"},{"b`, 'cut off'],
    ['that is a list', 'list', '[1]', undefined],
    ['that is an empty list', 'list', '[]', 'empty list'],
    ['that is a page of a list', 'list', '{"tools":[1],"next":null}', undefined],
    ['that is an empty page', 'list', '{"tools":[]}', 'empty list'],
    ['that is no list', 'list', '{"a":1}', 'no list'],
    ['of HTML', 'html', '\n<!DOCTYPE html><title>x</title>', undefined],
    ['of no HTML', 'html', '{"error":"x"}', 'no HTML'],
    ['with a result', 'rpc', '{"jsonrpc":"2.0","id":1,"result":{}}', undefined],
    ['with an error', 'rpc', '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}}', 'JSON-RPC error -32602'],
    ['with neither', 'rpc', '{"jsonrpc":"2.0","id":1}', 'no result'],
    ['that is no message', 'rpc', '[]', 'no JSON-RPC'],
    ['of a tool that failed', 'rpc', '{"id":1,"result":{"isError":true,"content":[]}}', 'isError'],
    ['of a tool that did not', 'rpc', '{"id":1,"result":{"isError":false,"content":[]}}', undefined],
    [
      'with the words in a text',
      'rpc',
      `{"id":1,"result":{"text":"\\"error\\" \\"isError\\":true ${long}"}}`,
      undefined,
    ],
    ['that is long with an error', 'rpc', `{"id":1,"error":{"code":1,"message":"${long}"}}`, 'JSON-RPC error 1'],
    ['that is long with isError', 'rpc', `{"id":1,"result":{"content":"${long}","isError" : true}}`, 'isError'],
    ['with a list', 'rpc-list', '{"id":1,"result":{"tools":[{}]}}', undefined],
    ['with an empty list', 'rpc-list', '{"id":1,"result":{"tools":[]}}', 'empty list'],
  ])('%s', (_what, check, body, failure) => expect(judge(check, body)).toBe(failure));

  it.each<[string, string, string | undefined]>([
    ['a result', framed('{"id":1,"result":{}}'), undefined],
    ['an error', framed('{"id":1,"error":{"code":-32603}}'), 'JSON-RPC error -32603'],
    [
      'a result after notifications',
      framed('{"method":"notifications/progress"}') + framed('{"id":1,"result":{}}'),
      undefined,
    ],
    ['a result over several lines', 'data: {"id":1,\r\ndata: "result":{}}\r\n\r\n', undefined],
    ['nothing', ': ping\n\n', 'no JSON'],
  ])('framed as events has %s', (_what, body, failure) =>
    expect(judge('rpc', body, { type: 'text/event-stream; charset=utf-8' })).toBe(failure),
  );

  it('with another status is that, whatever is in it', () =>
    expect(judge('any', '{"result":{}}', { status: 503 })).toBe('HTTP 503'));

  it('gives what later steps need', () => {
    const answer = { status: 201, headers: {}, body: Buffer.from('{"id":"7"}') };
    expect(judgeAnswer(answer, { check: 'any', needsValue: true }).value).toEqual({ id: '7' });
  });
});
