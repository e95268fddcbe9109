/**
 * What answers look like, for the one serializer that writes only what a schema names.
 *
 * The long lists name their fields; everything else is left open, so that nothing can be lost.
 * Source: fixtures/schemas/mcp-tool.schema.json for tools; the MCP schema, revision 2025-11-25, for the rest.
 */
import type { Schema } from '../../json.ts';

const text: Schema = { type: 'string' };
/** Any value; for an object that the gateway only passes on. */
const open: Schema = {};

/** Answers without a list, and all errors. */
export const openAnswer: Schema = open;

export const toolsAnswer = listAnswer('tools', {
  name: text,
  title: text,
  description: text,
  inputSchema: open,
  outputSchema: open,
  annotations: open,
  _meta: open,
});
export const resourcesAnswer = listAnswer('resources', {
  uri: text,
  name: text,
  title: text,
  description: text,
  mimeType: text,
  size: open,
  annotations: open,
  _meta: open,
});
export const promptsAnswer = listAnswer('prompts', {
  name: text,
  title: text,
  description: text,
  arguments: open,
  _meta: open,
});

export const callAnswer = answer({
  content: { type: 'array', items: object({ type: text, text }) },
  structuredContent: open,
  isError: { type: 'boolean' },
});

function listAnswer(name: string, fields: Readonly<Record<string, Schema>>): Schema {
  return answer({ [name]: { type: 'array', items: object(fields) }, nextCursor: text });
}

function answer(result: Readonly<Record<string, Schema>>): Schema {
  return object({ jsonrpc: text, result: object(result), id: open });
}

function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties };
}
