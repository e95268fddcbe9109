/**
 * curl and the load generator agree on bytes: bodies byte for byte, and what an answer takes on the wire to the byte.
 *
 * Both send the same header fields, and of the answer's none has a length that varies, so nothing is rounded or allowed
 * for. curl gets no --compressed: what it prints is what came out of the socket.
 */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';

import { describe, expect, it, onTestFinished } from 'vitest';

import { compressionNames } from '../../../src/gateway/settings.ts';
import { serializerNames } from '../../../src/gateway/settings.ts';
import { gatewayCommand } from '../../../src/load/servers/gateway-targets.ts';
import { createClient, encodeRequest, type ServerAddress } from '../../../src/load/client/http-client.ts';
import { startLoadProcess, type LoadProcess } from '../../../src/load/generators/load-process.ts';
import type { LoadJob, LoadReport } from '../../../src/load/generators/messages.ts';
import { scenariosById } from '../scenarios.ts';
import { startServer } from '../../../src/load/servers/server.ts';
import { findToolCall } from '../../../src/load/client/tool-call.ts';
import type { HttpRequest, ServerSettings } from '../../../src/model/http.ts';
import { patienceMs } from '../../patience.ts';

const skipReason = spawnSync('curl', ['--version']).status === 0 ? undefined : 'no curl on the PATH';
if (skipReason !== undefined)
  process.stderr.write(`tests that hold the load generator against curl are skipped: ${skipReason}\n`);

/** More than a page has, so that the page is cut and has a cursor. */
const items = 60;
/** Few, because bytes are the same each time. */
const settings = {
  warmupMs: 0,
  fewestWarmups: 1,
  longestWarmupMs: 1000,
  measureMs: 20,
  fewestRequests: 5,
  longestMs: 10_000,
  requestTimeoutMs: patienceMs,
};
/** Every way in which a request is sent for a measurement. */
const generators: Readonly<Record<string, Pick<LoadJob, 'generator' | 'load'>>> = {
  autocannon: { generator: 'autocannon', load: { kind: 'closed', connections: 2 } },
  'the own client': { generator: 'own', load: { kind: 'closed', connections: 2 } },
  'the open loop': { generator: 'own', load: { kind: 'open', connections: 4, requestsPerSec: 200 } },
};
const lists = scenariosById(['tools-100', 'tools-page', 'rpc-tools-list']).flatMap(({ requests }) => requests);
const decoders: Readonly<Record<(typeof compressionNames)[number], (bytes: Buffer) => Buffer>> = {
  none: (bytes) => bytes,
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

interface Running {
  readonly address: ServerAddress;
  readonly load: LoadProcess;
}

/**
 * Starts a gateway with these settings and what makes load, each in a process of its own as for a measurement; both end
 * with the test.
 */
async function start(serverSettings: ServerSettings): Promise<Running> {
  const { signal } = new AbortController();
  const load = await startLoadProcess({ prefix: [], signal });
  onTestFinished(() => load.end());
  const command = gatewayCommand({ items, seed: 1, database: ':memory:', settings: serverSettings });
  const server = await startServer({ command, prefix: [], startLimitMs: patienceMs, signal });
  onTestFinished(() => server.end());
  const { compression } = serverSettings;
  const headers = { ...server.headers, ...(compression === undefined ? {} : { 'accept-encoding': compression }) };
  return { address: { url: server.url, headers }, load };
}

interface Printed {
  /** With the empty line at its end. */
  readonly head: string;
  readonly body: Buffer;
  /** As curl counts it. */
  readonly sizeHeader: number;
  readonly sizeDownload: number;
}

async function askCurl(address: ServerAddress, request: HttpRequest): Promise<Printed> {
  const { headers, body } = encodeRequest(address, request);
  const { stdout, stderr } = await promisify(execFile)(
    'curl',
    [
      // Neither a configuration file nor a proxy of the machine has a say in it.
      '-q',
      '--noproxy',
      '*',
      '--silent',
      '--show-error',
      '--http1.1',
      '--include',
      '--request',
      request.method,
      ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
      ...(body === undefined ? [] : ['--data-binary', body]),
      '--write-out',
      '%{stderr}%{size_header} %{size_download}',
      address.url + request.path,
    ],
    { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  );
  const [sizeHeader = 0, sizeDownload = 0] = stderr.toString().split(' ').map(Number);
  const end = stdout.indexOf('\r\n\r\n') + 4;
  return { head: stdout.toString('latin1', 0, end), body: stdout.subarray(end), sizeHeader, sizeDownload };
}

/** One answer as curl and a client see it, and what each way of sending reports of many. */
async function compare(
  { address, load }: Running,
  request: HttpRequest,
  names: readonly string[] = Object.keys(generators),
) {
  const client = createClient(address, { connections: 1, timeoutMs: settings.requestTimeoutMs });
  const read = await client.read(request).finally(() => client.close());
  const reports: Record<string, LoadReport> = {};
  for (const name of names) {
    const generator = generators[name] as (typeof generators)[string];
    const job: LoadJob = {
      type: 'job',
      address,
      client: 'load',
      requests: [request],
      settings,
      isWarm: true,
      hasOwnProcessor: false,
      ...generator,
    };
    reports[name] = await load.run(job, { onBegin: () => {}, onEnd: () => {} });
  }
  return { printed: await askCurl(address, request), read, reports };
}

type Comparison = Awaited<ReturnType<typeof compare>>;

/** Fails where any of them saw another number of bytes on the wire, or curl did not see all there were. */
function expectSameWire({ printed, read, reports }: Comparison): void {
  const { head, body, sizeHeader, sizeDownload } = printed;
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect({ sizeHeader, sizeDownload }).toEqual({ sizeHeader: head.length, sizeDownload: body.length });
  expect(read.wireBytes).toBe(sizeHeader + sizeDownload);
  const perRequest = Object.entries(reports).map(([name, { wireBytes, requests, failures }]) => ({
    name,
    bytes: wireBytes / requests,
    failures,
  }));
  expect(perRequest).toEqual(perRequest.map(({ name }) => ({ name, bytes: sizeHeader + sizeDownload, failures: {} })));
}

describe.skipIf(skipReason !== undefined)('curl and the load generator agree on bytes', () => {
  const plainBodies = new Map<string, Buffer[]>();

  it.each(
    serializerNames.flatMap((serializer) => compressionNames.map((compression) => [serializer, compression] as const)),
  )('of %s with the compression %s', async (serializer, compression) => {
    const running = await start({ serializer, ...(compression === 'none' ? {} : { compression }) });
    const bodies: Buffer[] = [];
    for (const request of lists) {
      const compared = await compare(running, request);
      expectSameWire(compared);
      const { head, body } = compared.printed;
      expect(/^content-encoding: (.*)\r$/m.exec(head)?.[1] ?? 'none').toBe(compression);
      expect(decoders[compression](body).equals(compared.read.body)).toBe(true);
      bodies.push(compared.read.body);
    }
    // They are lists with something in them, so that there was something to agree on.
    expect(bodies.map((body) => [body.length > 10_000, Array.isArray(JSON.parse(body.toString()))])).toEqual([
      [true, true],
      [true, false],
      [true, false],
    ]);
    // The first one of each serializer is uncompressed, and compressing changes nothing.
    const plain = plainBodies.get(serializer) ?? bodies;
    plainBodies.set(serializer, plain);
    expect(bodies.map((body, index) => body.equals(plain[index] as Buffer))).toEqual([true, true, true]);
  });

  it.each(serializerNames)('of a small call of a tool by %s', async (serializer) => {
    const running = await start({ serializer });
    const client = createClient(running.address, { connections: 1, timeoutMs: settings.requestTimeoutMs });
    const call = await findToolCall(client).finally(() => client.close());
    const compared = await compare(running, { method: 'POST', path: '/rpc', body: call, weight: 1 });
    expectSameWire(compared);
    expect(compared.printed.body.equals(compared.read.body)).toBe(true);
  });

  it('where connections are closed, tokens are sent and responses are kept', async () => {
    const running = await start({
      serializer: 'json-stringify',
      closesConnections: true,
      authentication: true,
      cache: true,
    });
    for (const request of lists) {
      // autocannon is never used for servers that close.
      const compared = await compare(running, request, ['the own client', 'the open loop']);
      expectSameWire(compared);
      expect(compared.printed.head).toMatch(/^connection: close\r$/im);
      expect(compared.printed.body.equals(compared.read.body)).toBe(true);
    }
  });

  it("where the gateway's handlers answer alone", async () => {
    const running = await start({ serializer: 'json-stringify', bare: true });
    for (const request of lists) {
      const compared = await compare(running, request);
      expectSameWire(compared);
      expect(compared.printed.body.equals(compared.read.body)).toBe(true);
    }
  });
});
