/**
 * One comment on a pull request of GitHub: created the first time, found by the line that it begins with, and replaced
 * after that.
 *
 * It is asked for by a job whose own result must not depend on it. So whatever GitHub answers comes back as an outcome:
 * a token that may not write, as every pull request from a fork has, is no failure. No library of
 * GitHub's API: these are three requests, and every installation would bring it.
 *
 * @see https://docs.github.com/rest/issues/comments and "Best practices for using the REST API"
 */
import { setTimeout as pause } from 'node:timers/promises';

import { messageOf, toOneLine } from '../foreign-text.ts';
import { isObject, parseObject } from '../json.ts';

/** Where the comment goes. */
export interface PullRequest {
  /** Without a slash at its end, e.g. `https://api.github.com`. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  /** Sent to `apiUrl` and to nobody else; in no outcome. */
  readonly token: string;
}

export type CommentOutcome =
  | { readonly kind: 'created' | 'updated'; readonly url: string | undefined }
  /** By the signal. */
  | { readonly kind: 'interrupted' }
  /** `status` is that of the answer; undefined where there was none. */
  | { readonly kind: 'refused'; readonly status: number | undefined; readonly reason: string };

/** @param request.marker a line that no other comment of a bot begins with; the body is put below it. */
export async function putComment({
  place,
  marker,
  body,
  signal,
}: {
  place: PullRequest;
  marker: string;
  body: string;
  signal: AbortSignal;
}): Promise<CommentOutcome> {
  const ask: Ask = (method, path, content) => send({ place, method, path, content, signal });
  const comments = `/repos/${place.repository}/issues`;
  const text = JSON.stringify({ body: `${marker}\n${body}` });
  try {
    const found = await findComment({ ask, path: `${comments}/${place.number}/comments`, marker });
    const { value } =
      found === undefined
        ? await ask('POST', `${comments}/${place.number}/comments`, text)
        : await ask('PATCH', `${comments}/comments/${found}`, text);
    const url = isObject(value) && typeof value['html_url'] === 'string' ? value['html_url'] : undefined;
    return { kind: found === undefined ? 'created' : 'updated', url };
  } catch (error) {
    if (signal.aborted) return { kind: 'interrupted' };
    if (error instanceof Refusal) return { kind: 'refused', status: error.status, reason: error.message };
    throw error;
  }
}

/** What GitHub answered in place of what was asked for, or why there was no answer. */
class Refusal extends Error {
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

interface Answer {
  readonly value: unknown;
}

type Ask = (method: string, path: string, content?: string) => Promise<Answer>;

const perPage = 100;
/** GitHub takes no comments beyond 2,500 on one conversation, so there are no more to look through. */
const mostPages = 25;

/** The id of the comment that begins with the marker; of a bot's alone, since anybody may write such a line. */
async function findComment({
  ask,
  path,
  marker,
}: {
  ask: Ask;
  path: string;
  marker: string;
}): Promise<number | undefined> {
  for (let page = 1; page <= mostPages; page += 1) {
    const { value } = await ask('GET', `${path}?per_page=${perPage}&page=${page}`);
    if (!Array.isArray(value)) throw new Refusal('the list of comments is no list');
    for (const comment of value as unknown[]) {
      if (!isObject(comment)) continue;
      const { id, body, user } = comment;
      const isBots = isObject(user) && user['type'] === 'Bot';
      const isOurs = typeof body === 'string' && body.split(/\r?\n/, 1)[0] === marker;
      if (isBots && isOurs && Number.isSafeInteger(id)) return id as number;
    }
    if (value.length < perPage) return undefined;
  }
  return undefined;
}

/** Until an answer is given up; arbitrary, far beyond what GitHub takes. */
const answerMs = 30_000;
/** Of an answer that asks to come back later, the longest wait that is worth a job's time. */
const mostWaitSeconds = 60;
const mostTries = 3;

interface Request {
  readonly place: PullRequest;
  readonly method: string;
  readonly path: string;
  readonly content: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws {Refusal} where the answer is none of success. */
async function send(request: Request): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await sendOnce(request);
    const text = await readText(response);
    if (response.ok) return { value: parse(text) };
    const waitSeconds =
      response.status === 403 || response.status === 429 ? secondsToWait(response.headers) : undefined;
    const isLast = waitSeconds === undefined || waitSeconds > mostWaitSeconds || attempt === mostTries;
    if (isLast) throw new Refusal(explain(response.status, { text, waitSeconds }), response.status);
    await pause(waitSeconds * 1000, undefined, { signal: request.signal });
  }
}

async function sendOnce({ place, method, path, content, signal }: Request): Promise<Response> {
  try {
    return await fetch(`${place.apiUrl}${path}`, {
      method,
      // A token does not follow wherever an answer leads.
      redirect: 'manual',
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${place.token}`,
        'user-agent': 'wirebench',
        'x-github-api-version': '2022-11-28',
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: content ?? null,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    });
  } catch (error) {
    throw noAnswer(error);
  }
}

async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw noAnswer(error);
  }
}

function noAnswer(error: unknown): Refusal {
  const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
  return new Refusal(toOneLine(`there was no answer: ${messageOf(error)}${cause}`));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('the answer is no JSON');
  }
}

/** Where requests are limited: how long to wait; undefined where they are not, or nobody says how long. */
function secondsToWait(headers: Headers): number | undefined {
  const after = headers.get('retry-after');
  if (after !== null && /^\d+$/.test(after)) return Number(after);
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  if (headers.get('x-ratelimit-remaining') !== '0' || !Number.isFinite(reset)) return undefined;
  return Math.max(0, Math.ceil(reset - Date.now() / 1000));
}

function explain(
  status: number,
  { text, waitSeconds }: { readonly text: string; readonly waitSeconds: number | undefined },
): string {
  const said = parseObject(text)?.['message'];
  const quoted = typeof said === 'string' ? `: ${toOneLine(said)}` : '';
  const limited = waitSeconds === undefined ? '' : `, requests are limited for another ${waitSeconds} s`;
  return `GitHub answered ${status}${limited}${quoted}`;
}
