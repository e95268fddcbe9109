/**
 * The first message of a client: which revision of MCP both speak, what the gateway offers and what it is called.
 */
import {
  InitializeRequestSchema,
  LATEST_PROTOCOL_VERSION,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js';

import { readManifest } from '../../../own-files.ts';
import type { RpcParams } from '../protocol/json-rpc.ts';
import { invalid } from './parameters.ts';

/** How the gateway introduces itself. */
export const serverInfo: { readonly name: string; readonly version: string } = (() => {
  const { name, version } = readManifest();
  return { name: `${name}-gateway`, version };
})();

/** For clients without a session, who have no stream on which a change could be told. */
export function initialize(params: RpcParams): object {
  const parsed = InitializeRequestSchema.safeParse({ method: 'initialize', params });
  if (!parsed.success)
    throw invalid('initialize needs protocolVersion, capabilities, and clientInfo with name and version');
  const asked = parsed.data.params.protocolVersion;
  const protocolVersion = SUPPORTED_PROTOCOL_VERSIONS.includes(asked) ? asked : LATEST_PROTOCOL_VERSION;
  return { protocolVersion, capabilities: { tools: {}, resources: {}, prompts: {} }, serverInfo };
}
