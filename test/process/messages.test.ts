/**
 * Which messages of another process are believed.
 */
import { expect, it } from 'vitest';

import { createMessageCheck, objectOf } from '../../src/process/messages.ts';

type Message =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly count: number; readonly detail?: { readonly note: string } };

const isMessage = createMessageCheck<Message>({
  ready: {},
  done: { count: { type: 'number' }, 'detail?': objectOf({ note: { type: 'string' } }) },
});

it.each<[unknown, boolean]>([
  [{ type: 'ready' }, true],
  [{ type: 'ready', more: 1 }, true],
  [{ type: 'done', count: 1 }, true],
  [{ type: 'done', count: 1, detail: { note: 'so' } }, true],
  [{ type: 'done' }, false],
  [{ type: 'done', count: Number.NaN }, false],
  [{ type: 'done', count: 1, detail: {} }, false],
  [{ type: 'other' }, false],
  [{ count: 1 }, false],
  ['ready', false],
  [null, false],
])('%j: %s', (message, isBelieved) => {
  expect(isMessage(message)).toBe(isBelieved);
});
