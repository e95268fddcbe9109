/**
 * An MCP server of the official SDK whose answers leave through the response serializer, over Streamable HTTP.
 *
 * The transport takes the place of the SDK's own. Without `createSessionId` one of it serves all clients by POST; with it,
 * each session has a transport and a server of its own, and may listen by GET.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { createResponseSerializer } from 'json-response-serializer';
import { McpTransport } from 'json-response-serializer/mcp';

import { listTools } from './tools.ts';

const mcp = new McpServer({ name: 'catalog', version: '1.0.0' });
mcp.registerTool('catalog', { description: 'All tools that there are' }, async () => ({
  content: [],
  structuredContent: { tools: await listTools() },
}));

const transport = new McpTransport({ serializer: createResponseSerializer() });
await mcp.connect(transport);

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.method !== 'POST') {
    res.writeHead(405, { Allow: 'POST' }).end();
    return;
  }
  try {
    // What is no JSON is refused by the transport.
    const body: unknown = await json(req).catch(() => undefined);
    await transport.handle(req, res, body);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    res.writeHead(500).end();
  }
}

const server = createServer((req, res) => void answer(req, res));
server.listen(Number(process.env['PORT'] ?? 3000));
