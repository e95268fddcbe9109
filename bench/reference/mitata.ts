/**
 * Measures cells of a finished run again with mitata, as a second opinion on the harness.
 *
 * `pnpm bench:mitata [RUN]` takes the run's own json-stringify and fast-json-stringify cells on 100 tools, starts a
 * process of its own for each side in turn, and prints both ratios and how far they are apart. Nothing of
 * src/measure is used: only the values and the libraries are the same. Deliberately absent: any judgement.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { do_not_optimize as keep, measure } from 'mitata';

import { catalogText } from '../../src/corpus/catalogs.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { toJtd } from '../../src/corpus/jtd.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import { nativeTypes } from '../../src/corpus/uuid.ts';
import type { SerializeContender } from '../../src/model/contender.ts';
import type { Variant } from '../../src/model/values.ts';
import type { RunRecord } from '../../src/run-file/records.ts';
import { hasSucceeded, runToEnd } from '../../src/process/child.ts';
import { describeDeath } from '../../src/process/death.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

const contenders = ['json-stringify', 'fast-json-stringify'] as const;
const payloadId = 'tools';
const items = 100;
const variants: readonly Variant[] = ['text', 'native'];
/** Processes a side and variant, the sides taking turns; the median of them counts. */
const processes = 5;

if (process.argv[2] === '--measure') {
  process.stdout.write(String(await measureHere(process.argv[3] ?? '', process.argv[4] as Variant)));
} else {
  await compareWithRun(process.argv[2] ?? path.join('results', 'latest', 'run.json'));
}

async function measureHere(contenderId: string, variant: Variant): Promise<number> {
  const registry = await loadRegistry();
  const contender = registry.contenders.find(({ id }) => id === contenderId) as SerializeContender | undefined;
  const payload = registry.payloads.find(({ id }) => id === payloadId);
  if (contender === undefined || payload === undefined)
    throw new Error(`there is no ${contenderId} or no ${payloadId}`);
  const schema = loadSchema(payload);
  const values = [0, 1, 2].map((index) =>
    readCatalog({ text: catalogText({ payload, items, seed: 1, index }), payload, schema, variant }),
  );
  const compile = await contender.load();
  const serializer = compile({ schema, jtd: () => toJtd(schema), types: nativeTypes, variant });
  if (serializer.stringify === undefined) throw new Error(`${contenderId} writes no text`);
  let next = 0;
  const { p50 } = await measure(() => {
    next = (next + 1) % values.length;
    keep(Buffer.from(serializer.stringify?.(values[next]) ?? ''));
  });
  return p50;
}

async function compareWithRun(file: string): Promise<void> {
  const run = JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  for (const variant of variants) {
    const times = new Map<string, number[]>(contenders.map((id) => [id, []]));
    for (let index = 0; index < processes; index += 1) {
      // Each side goes first in every other pair.
      for (const id of index % 2 === 0 ? contenders : contenders.toReversed()) {
        const result = await runToEnd({
          command: [process.execPath, fileURLToPath(import.meta.url), '--measure', id, variant],
          env: process.env,
        });
        if (!hasSucceeded(result))
          throw new Error(`the process of ${id} ${describeDeath(result, 'before it reported')}`);
        times.get(id)?.push(Number(result.answer));
      }
    }
    const [reference, contender] = contenders.map(
      (id) => times.get(id)?.toSorted((a, b) => a - b)[(processes - 1) / 2] ?? Number.NaN,
    );
    const theirs = (reference ?? Number.NaN) / (contender ?? Number.NaN);
    const ours = run.cells.find(
      (cell) =>
        cell.suite === 'serialize' &&
        cell.contender === contenders[1] &&
        cell.payload === payloadId &&
        cell.items === items &&
        cell.variant === variant &&
        cell.sink === 'bytes',
    )?.speedup?.ratio;
    const apart = ours === undefined ? 'the run has no such cell' : `${((theirs / ours - 1) * 100).toFixed(1)}% apart`;
    process.stdout.write(
      `${contenders[1]} over ${contenders[0]}, ${payloadId}, ${items} items, ${variant}: ` +
        `mitata ${theirs.toFixed(3)}, wirebench ${ours?.toFixed(3) ?? 'none'}, ${apart}\n`,
    );
  }
}
