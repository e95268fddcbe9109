import { describe, expect, it } from 'vitest';

import { createTurns } from '../../src/gateway/http/turns.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns of the event loop', () => {
  it('begin so many requests each, in the order in which they came, and none is forgotten', async () => {
    const enter = createTurns(2);
    const begun: number[] = [];
    for (let index = 0; index < 5; index += 1) enter(() => begun.push(index));
    expect(begun).toEqual([0, 1]);
    await nextTurn();
    expect(begun).toEqual([0, 1, 2, 3]);
    // Who comes while others wait is behind them.
    enter(() => begun.push(5));
    expect(begun).toEqual([0, 1, 2, 3]);
    await nextTurn();
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
    await nextTurn();
    enter(() => begun.push(6));
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('begin at once what comes by itself', async () => {
    const enter = createTurns(1);
    const begun: number[] = [];
    for (let index = 0; index < 3; index += 1) {
      enter(() => begun.push(index));
      expect(begun).toHaveLength(index + 1);
      await nextTurn();
      await nextTurn();
    }
  });

  it('go on where a request comes out of another one', async () => {
    const enter = createTurns(1);
    const begun: string[] = [];
    enter(() => {
      begun.push('outer');
      enter(() => begun.push('inner'));
    });
    expect(begun).toEqual(['outer']);
    await nextTurn();
    expect(begun).toEqual(['outer', 'inner']);
  });
});
