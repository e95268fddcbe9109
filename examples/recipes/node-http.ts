/**
 * node:http: `send` answers short lists whole and long ones in pieces, and takes care of length, HEAD and memory.
 *
 * It rejects only while nothing has been sent, so that an error can still become a status of 500.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { createResponseSerializer } from 'json-response-serializer';
import { send } from 'json-response-serializer/http';

import { listTools } from './tools.ts';

const serializer = createResponseSerializer();

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.url !== '/tools' && req.url !== '/export') {
    res.writeHead(404).end();
    return;
  }
  try {
    const value = await listTools();
    await send(res, value, { serializer });
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    await send(res, { error: 'Internal Server Error' }, { serializer, status: 500 });
  }
}

const server = createServer((req, res) => void answer(req, res));
server.listen(Number(process.env['PORT'] ?? 3000));
