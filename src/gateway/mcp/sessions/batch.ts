/**
 * Batches of messages: which are refused, and answers that are made one after the other and counted, so that all of
 * them together stay small.
 *
 * A batch is short to send and each of its messages may ask for a whole page, or for the largest entity again. What is
 * beyond the bound is answered by an error of its own.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import { isObject } from '../../../json.ts';
import { quote } from '../../quote.ts';
import type { GatewaySettings } from '../../settings.ts';
import { mostPageBytes } from '../../store/list-bytes.ts';
import { rpcCodes, RpcError } from '../protocol/json-rpc.ts';

/** The first revision without batches; the one before demands that they are answered. */
const firstWithoutBatches = '2025-06-18';
/** Messages in a batch; arbitrary, of a revision that clients have left behind. */
const mostInBatch = 50;

export type PageSizes = Pick<GatewaySettings, 'pageSize' | 'mostPageItems'>;

interface Batch {
  /** Ends when the message before has its answer; never rejects. */
  last: Promise<unknown>;
  /** Of the answers so far, as JSON. */
  bytes: number;
}

const batches = new AsyncLocalStorage<Batch>();

/** Does work whose answers belong to one batch. */
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
    // The first answer may be a whole page by itself.
    if (batch.bytes > 0 && batch.bytes + bytes > mostPageBytes) {
      // The answers after it are not made either, since most of them would be too much as well.
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

/** Why a batch is refused as a whole; `undefined` where it is answered. @param version as the client names it. */
export function findBatchProblem(
  messages: readonly unknown[],
  { version, pages }: { readonly version: unknown; readonly pages: PageSizes },
): string | undefined {
  // Revisions are dates, which sort as text.
  if (typeof version === 'string' && version >= firstWithoutBatches)
    return `revision ${quote(version)} of MCP has no batches; send one message at a time`;
  const excess = findExcess(messages, pages);
  return excess === undefined ? undefined : `${excess}; send fewer messages at a time`;
}

/** All answers of a batch leave as one, so together they may list no more items than one message could. */
function findExcess(messages: readonly unknown[], { pageSize, mostPageItems }: PageSizes): string | undefined {
  if (messages.length > mostInBatch)
    return `a batch has ${messages.length} messages, and at most ${mostInBatch} are answered`;
  let items = 0;
  for (const message of messages) {
    if (!isObject(message) || !String(message['method']).endsWith('/list')) continue;
    const limit = isObject(message['params']) ? message['params']['limit'] : undefined;
    items += typeof limit === 'number' ? Math.max(0, Math.min(limit, mostPageItems)) : pageSize;
  }
  return items > mostPageItems
    ? `the lists of a batch ask for ${items} items, and at most ${mostPageItems} are listed at once`
    : undefined;
}
