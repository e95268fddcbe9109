/**
 * Starts the gateway: `node server.ts`, on the port in PORT or on 3000.
 */
import { createGateway } from './gateway.ts';

const app = await createGateway();
const address = await app.listen({ port: Number(process.env['PORT'] ?? 3000) });
process.stdout.write(`gateway at ${address}\n`);
