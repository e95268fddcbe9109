/**
 * Begins only some requests in each turn of the event loop; others that have arrived wait for the next.
 *
 * libuv accepts one connection a turn. A turn in which hundreds of ready requests are answered lasts as long as all of them
 * take, so that thousands of new clients waited for minutes while those of before were served at once. Requests that
 * come one by one begin at once.
 */
import type { FastifyInstance } from 'fastify';

/** Arbitrary: a turn costs some microseconds beside them, and each of them may take a millisecond. */
const mostInTurn = 4;

/** @param most requests that begin in one turn. @returns what begins a request, now or in a later turn. */
export function createTurns(most: number = mostInTurn): (begin: () => void) => void {
  const waiting: (() => void)[] = [];
  let first = 0;
  let begun = 0;

  function nextTurn(): void {
    begun = 0;
    while (first < waiting.length && begun < most) {
      const begin = waiting[first] as () => void;
      first += 1;
      start(begin);
    }
    if (first < waiting.length) return;
    waiting.length = 0;
    first = 0;
  }

  function start(begin: () => void): void {
    begun += 1;
    if (begun === 1) setImmediate(nextTurn);
    begin();
  }

  return (begin) => {
    if (begun < most && first === waiting.length) start(begin);
    else waiting.push(begin);
  };
}

/** Before anything else is done with a request. */
export function installTurns(app: FastifyInstance): void {
  const enter = createTurns();
  app.addHook('onRequest', (_request, _reply, done) => enter(done));
}
