/**
 * A server on loopback that keeps comments as GitHub's API does, and notes what it was asked.
 *
 * Only what the comment needs: lists by page, creation and change. An answer in place of the next ones can be given.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface FakeComment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string; readonly type: 'Bot' | 'User' };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** What is answered instead of what was asked for. */
interface Refused {
  readonly status: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only of requests with this method. */
  readonly method?: string;
}

export interface FakeGithub {
  readonly url: string;
  readonly comments: FakeComment[];
  readonly asked: Asked[];
  /** Each is taken by the next request that it is about. */
  readonly refusals: Refused[];
  close(): Promise<void>;
}

const bot = { login: 'github-actions[bot]', type: 'Bot' } as const;

/** As GitHub has it: "body is too long (maximum is 65536 characters)". */
const mostCharacters = 65_536;

export async function startFakeGithub(): Promise<FakeGithub> {
  const comments: FakeComment[] = [];
  const asked: Asked[] = [];
  const refusals: Refused[] = [];
  const answer = (method: string, url: URL, body: string): { status: number; value: unknown } => {
    if (method === 'GET') {
      const [size, page] = ['per_page', 'page'].map((name) => Number(url.searchParams.get(name))) as [number, number];
      return { status: 200, value: comments.slice((page - 1) * size, page * size) };
    }
    const { body: text } = JSON.parse(body) as { body: string };
    if (text.length > mostCharacters) return { status: 422, value: { message: 'body is too long' } };
    if (method === 'POST') {
      comments.push({ id: comments.length + 1, body: text, user: bot });
      return { status: 201, value: { ...comments.at(-1), html_url: 'https://github.example/c/new' } };
    }
    const comment = comments.find(({ id }) => url.pathname.endsWith(`/comments/${id}`));
    if (comment === undefined) return { status: 404, value: { message: 'Not Found' } };
    comment.body = text;
    return { status: 200, value: { ...comment, html_url: 'https://github.example/c/old' } };
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request);
    const { method = '', url: target = '' } = request;
    asked.push({ method, path: target, authorization: request.headers.authorization });
    const index = refusals.findIndex((refusal) => refusal.method === undefined || refusal.method === method);
    const [refused] = index < 0 ? [] : refusals.splice(index, 1);
    const { status, value } =
      refused === undefined
        ? answer(method, new URL(target, 'http://localhost'), body)
        : { status: refused.status, value: { message: refused.message ?? 'no' } };
    response.writeHead(status, { 'content-type': 'application/json', ...refused?.headers });
    response.end(JSON.stringify(value));
  };
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    asked,
    refusals,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
