/**
 * The Python gateway's serializer on the same catalogs in the same session: orjson and the standard json module.
 *
 * `pnpm bench:orjson [--payload ID] [--rounds N]` measures json-stringify and the gateway serializer with the ordinary
 * workers, and in each round, before or after them in turn, Python in processes of its own. Ratios are formed inside a
 * round. Needs python3 with orjson and says so where they are missing. Deliberately absent: any judgement.
 */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { execa } from 'execa';

import { forkJob } from '../../src/measure/fork.ts';
import type { JobCorpus } from '../../src/measure/job.ts';
import { materializeCorpus } from '../../src/measure/materialize.ts';
import { profiles } from '../../src/measure/profiles.ts';
import type { CellId, Payload, Registered, Variant } from '../../src/model.ts';
import { loadRegistry } from '../../src/registry.ts';

const pythonScript = fileURLToPath(new URL('time_orjson.py', import.meta.url));
const contenders = ['json-stringify', 'gateway-serializer', 'gateway-serializer-cached'];
const libraries = ['orjson', 'json'];
const settings = profiles.thorough.sampler;

const { values: options } = parseArgs({
  options: { payload: { type: 'string', default: 'tools' }, rounds: { type: 'string', default: '5' } },
});
await main(options.payload, Number(options.rounds));

async function main(payloadId: string, rounds: number): Promise<void> {
  const probe = await execa('python3', ['-c', 'import orjson'], { reject: false });
  if (probe.failed) {
    process.stderr.write('wirebench: no orjson rows: python3 with orjson is not on this machine; `pip install orjson` brings it\n');
    process.exitCode = 2;
    return;
  }
  const registry = await loadRegistry();
  const payload = registry.payloads.find(({ id }) => id === payloadId);
  if (payload === undefined) throw new Error(`there is no payload ${payloadId}`);
  const urls = new Map(registry.contenders.map(({ id, url }) => [id, url]));
  const corpus = materializeCorpus({ seed: 1, catalogs: settings.catalogs });
  try {
    for (const variant of payload.variants) {
      for (const items of payload.sizes) {
        await compareAt({ payload, items, variant, rounds, files: corpus.filesOf(payload, items), urls, codeCacheDirectory: `${corpus.directory}/code-cache` });
      }
    }
  } finally {
    corpus.remove();
  }
}

interface Comparison {
  readonly payload: Registered<Payload>;
  readonly items: number;
  readonly variant: Variant;
  readonly rounds: number;
  readonly files: JobCorpus;
  readonly urls: ReadonlyMap<string, string>;
  readonly codeCacheDirectory: string;
}

async function compareAt(comparison: Comparison): Promise<void> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < comparison.rounds; round += 1) {
    const names = [...contenders, ...libraries];
    // Each side goes first in every other round.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const latencyNs = libraries.includes(name) ? await timePython(name, comparison) : await timeNode(name, { ...comparison, round });
      times.set(name, [...(times.get(name) ?? []), latencyNs]);
    }
  }
  const { payload, items, variant, files } = comparison;
  const bytes = files.catalogPaths.reduce((sum, file) => sum + statSync(file).size, 0) / files.catalogPaths.length;
  for (const name of [...contenders, ...libraries]) {
    const own = times.get(name) ?? [];
    const ratios = own.map((time, round) => (times.get('orjson')?.[round] ?? Number.NaN) / time);
    const rate = (bytes * 1e3) / middle(own);
    process.stdout.write(
      `${payload.id} ${variant} ${items}: ${name.padEnd(26)} ${rate.toFixed(0).padStart(6)} MB/s  ` +
        `${middle(ratios).toFixed(2)}x orjson (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} over ${ratios.length} rounds)\n`,
    );
  }
}

async function timePython(library: string, { files, variant }: Comparison): Promise<number> {
  const schema: unknown = JSON.parse(readFileSync(files.schemaPath, 'utf8'));
  const { stdout } = await execa('python3', [pythonScript], {
    input: JSON.stringify({ library, variant, schema, settings, catalogPaths: files.catalogPaths }),
  });
  return (JSON.parse(stdout) as { latencyNs: number }).latencyNs;
}

async function timeNode(contender: string, request: Comparison & { round: number }): Promise<number> {
  const { payload, items, variant, files, urls, round, codeCacheDirectory } = request;
  const cell: CellId = { suite: 'serialize', contender, payload: payload.id, items, variant, sink: 'bytes' };
  const outcome = await forkJob(
    { method: 'latency', cell, round, contenderUrl: urls.get(contender) ?? '', settings, corpus: files },
    { signal: new AbortController().signal, timeLimitMs: 60_000, codeCacheDirectory },
  );
  if (outcome?.fork === undefined) throw new Error(`${contender}: ${outcome?.reason ?? 'no outcome'}`);
  return outcome.fork.latencyNs;
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
