/**
 * Runs snippets one after another in this process, asks each server what a client would, and prints what came back.
 *
 * Started by snippets.test.ts as `node snippets-child.ts CATALOG_MODULE SNIPPET...`. `wirebench/...` leads to src/ by
 * the module that is preloaded.
 */
import { pathToFileURL } from 'node:url';

import { startProgram } from '../noted-servers.ts';

/** What one snippet answered. */
export interface SnippetAnswers {
  readonly file: string;
  /** Two times the same request, the second one after the failure below. */
  readonly replies: readonly {
    readonly status: number;
    readonly contentType: string | null;
    readonly base64: string;
  }[];
  readonly head: { readonly status: number; readonly contentType: string | null; readonly bytes: number };
  /** Status where a getter of the value throws, and where nothing is. */
  readonly brokenStatus: number;
  readonly unknownStatus: number;
}

const [catalog = '', ...files] = process.argv.slice(2);
const { state } = (await import(pathToFileURL(catalog).href)) as { state: { isBroken: boolean } };

const answers: SnippetAnswers[] = [];
for (const file of files) answers.push(await askSnippet(file));
process.stdout.write(JSON.stringify(answers), () => process.exit());

async function askSnippet(file: string): Promise<SnippetAnswers> {
  const { origin } = await startProgram(file);

  const before = await getReply(origin);
  const headReply = await fetch(`${origin}/tools`, { method: 'HEAD' });
  const head = {
    status: headReply.status,
    contentType: headReply.headers.get('content-type'),
    bytes: (await headReply.arrayBuffer()).byteLength,
  };
  state.isBroken = true;
  const brokenStatus = await getStatus(`${origin}/tools`);
  state.isBroken = false;
  return {
    file,
    replies: [before, await getReply(origin)],
    head,
    brokenStatus,
    unknownStatus: await getStatus(`${origin}/nothing`),
  };
}

async function getReply(origin: string): Promise<SnippetAnswers['replies'][number]> {
  const reply = await fetch(`${origin}/tools`);
  const base64 = Buffer.from(await reply.arrayBuffer()).toString('base64');
  return { status: reply.status, contentType: reply.headers.get('content-type'), base64 };
}

async function getStatus(url: string): Promise<number> {
  const reply = await fetch(url);
  await reply.arrayBuffer();
  return reply.status;
}
