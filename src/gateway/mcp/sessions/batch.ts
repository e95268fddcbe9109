/**
 * The answers to one batch: made one after the other and counted, so that all of them together stay small.
 *
 * A batch is short to send and each of its messages may ask for a whole page, or for the largest entity again. What is
 * beyond the bound is answered by an error of its own. Deliberately absent: how many messages a batch has (sessions.ts).
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import { mostPageBytes } from '../../store/list-bytes.ts';
import { rpcCodes, RpcError } from '../protocol/json-rpc.ts';

interface Batch {
  /** Ends when the message before has its answer; never rejects. */
  last: Promise<unknown>;
  /** Of the answers so far, as JSON. */
  bytes: number;
}

const batches = new AsyncLocalStorage<Batch>();

/** Runs what answers a batch. */
export function inBatch<T>(work: () => Promise<T>): Promise<T> {
  return batches.run({ last: Promise.resolve(), bytes: 0 }, work);
}

/**
 * Makes one answer; where it belongs to a batch, after those before it.
 * @throws {RpcError} in the promise, where the answers are too large together.
 */
export function answerInTurn(make: () => Promise<object>): Promise<object> {
  const batch = batches.getStore();
  if (batch === undefined) return make();
  const answer = batch.last.then(async () => {
    if (batch.bytes >= mostPageBytes) throw tooLarge();
    const made = await make();
    const bytes = JSON.stringify(made).length;
    // One alone may be a page of its own.
    if (batch.bytes > 0 && batch.bytes + bytes > mostPageBytes) {
      // What comes behind is not made, since it would be too much as well more often than not.
      batch.bytes = mostPageBytes;
      throw tooLarge();
    }
    batch.bytes += bytes;
    return made;
  });
  batch.last = answer.catch(() => undefined);
  return answer;
}

function tooLarge(): RpcError {
  return new RpcError(
    rpcCodes.invalidRequest,
    `Invalid request: the answers of this batch would be more than ${mostPageBytes / 1024 / 1024} MiB together; send this message by itself`,
  );
}
