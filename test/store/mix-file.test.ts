/**
 * A mix of responses: what a file may say, and every way in which it is refused.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Mix } from '../../src/model/sample.ts';
import { readMix } from '../../src/store/mix-file.ts';
import { toldBy } from '../told-message.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wirebench-mix-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function readText(text: string): Mix {
  const file = path.join(folder, 'mix.json');
  writeFileSync(file, text);
  return readMix(file);
}

describe('readMix', () => {
  it('makes shares of rates and adds the rates up', () => {
    const responses = [
      { payload: 'rpc-tool-result', items: 1, variant: 'text', requestsPerSec: 1200 },
      { sample: 'mine.json', schema: 'mine.schema.json', types: 'createdAt=date', requestsPerSec: 400 },
    ];
    expect(readText(JSON.stringify({ responses }))).toEqual({
      requestsPerSec: 1600,
      responses: [
        { payload: 'rpc-tool-result', items: 1, variant: 'text', share: 0.75 },
        { sample: 'mine.json', schema: 'mine.schema.json', types: 'createdAt=date', share: 0.25 },
      ],
    });
  });

  it('makes shares add up to 1, with a total and without', () => {
    const responses = [
      { payload: 'tools', share: 4 },
      { payload: 'recorded/mine', share: 1 },
    ];
    const shares = [
      { payload: 'tools', share: 0.8 },
      { payload: 'recorded/mine', share: 0.2 },
    ];
    expect(readText(JSON.stringify({ responses }))).toEqual({ responses: shares });
    expect(readText(`\uFEFF${JSON.stringify({ requestsPerSec: 50, responses })}`)).toEqual({
      requestsPerSec: 50,
      responses: shares,
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', [], /\/: must be object; write it as in/],
    ['no responses', {}, /must have required property 'responses'/],
    ['an empty list', { responses: [] }, /\/responses: must NOT have fewer than 1 items/],
    [
      'an unknown field at the top',
      { rps: 1, responses: [{ payload: 'a', share: 1 }] },
      /\/: unknown field "rps"; allowed are requestsPerSec, responses/,
    ],
    [
      'an unknown field in a response',
      { responses: [{ payload: 'a', weight: 1 }] },
      /\/responses\/0: unknown field "weight"; allowed are payload, items/,
    ],
    [
      'a wrong variant',
      { responses: [{ payload: 'a', variant: 'bytes', share: 1 }] },
      /\/responses\/0\/variant: .*; allowed are text, native/,
    ],
    [
      'a count that is none',
      { responses: [{ payload: 'a', items: 1.5, share: 1 }] },
      /\/responses\/0\/items: must be integer/,
    ],
    ['a share of nothing', { responses: [{ payload: 'a', share: 0 }] }, /\/responses\/0\/share: must be > 0/],
    [
      'a total of nothing',
      { requestsPerSec: 0, responses: [{ payload: 'a', share: 1 }] },
      /\/requestsPerSec: must be > 0/,
    ],
    [
      'neither payload nor sample',
      { responses: [{ share: 1 }] },
      /\/responses\/0: it has neither "payload" nor "sample"/,
    ],
    [
      'both payload and sample',
      { responses: [{ payload: 'a', sample: 'b', share: 1 }] },
      /\/responses\/0: it has both/,
    ],
    [
      'items of a sample',
      { responses: [{ sample: 'b', items: 5, share: 1 }] },
      /\/responses\/0\/items: "items" belongs to a "payload"; .*schema, types/,
    ],
    [
      'types of a payload',
      { responses: [{ payload: 'b', types: 'a=date', share: 1 }] },
      /\/responses\/0\/types: "types" belongs to a "sample"; .*items, variant/,
    ],
    [
      'no frequency',
      { responses: [{ payload: 'a', share: 1 }, { payload: 'b' }] },
      /\/responses\/1: it has no "share"; give every response/,
    ],
    [
      'a rate for one only',
      { responses: [{ payload: 'a' }, { payload: 'b', requestsPerSec: 1 }] },
      /\/responses\/0: it has no "requestsPerSec"/,
    ],
    [
      'shares among rates',
      {
        responses: [
          { payload: 'a', share: 1 },
          { payload: 'b', requestsPerSec: 1 },
        ],
      },
      /\/responses\/0: it has a "share" where rates are given/,
    ],
    [
      'a total beside rates',
      { requestsPerSec: 9, responses: [{ payload: 'a', requestsPerSec: 1 }] },
      /\/requestsPerSec: every response has a rate/,
    ],
    [
      'shares beyond all numbers',
      {
        responses: [
          { payload: 'a', share: 1e308 },
          { payload: 'b', share: 1e308 },
        ],
      },
      /the share of its responses add up/,
    ],
  ])('refuses %s', (_, content, reason) => {
    const message = toldBy(() => readText(JSON.stringify(content)));
    expect(message).toMatch(reason);
    expect(message).toContain('mix.json');
  });

  it('refuses a file that is missing, and one that is not JSON', () => {
    expect(toldBy(() => readMix(path.join(folder, 'none.json')))).toMatch(
      /none\.json: ENOENT.*; give a file with a mix/,
    );
    expect(toldBy(() => readText('{"responses": [}'))).toMatch(/it is not JSON: Unexpected token '\}'/);
  });
});
