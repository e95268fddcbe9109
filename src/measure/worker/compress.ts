/**
 * Size and cost of an output behind the content encodings that a gateway offers.
 *
 * Levels are those of the Python gateway's middleware: brotli 4, zstd 3, gzip 6.
 */
import zlib from 'node:zlib';

import type { EncodedSize } from '../../model/cell.ts';
import { measureOperation } from './sampler.ts';
import type { SamplerSettings } from '../profiles.ts';

const encoders: readonly {
  encoding: EncodedSize['encoding'];
  level: number;
  compress: (input: Uint8Array) => Buffer;
}[] = [
  { encoding: 'gzip', level: 6, compress: (input) => zlib.gzipSync(input, { level: 6 }) },
  {
    encoding: 'br',
    level: 4,
    compress: (input) =>
      zlib.brotliCompressSync(input, {
        params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: input.length },
      }),
  },
  {
    encoding: 'zstd',
    level: 3,
    compress: (input) => zlib.zstdCompressSync(input, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 3 } }),
  },
];

// Native code has no tiers to warm up through: a short warm-up fills its buffers, and a few blocks give a median.
const settings: SamplerSettings = {
  warmupNs: 10e6,
  warmupCapNs: 20e6,
  warmupTolerance: 1,
  blockNs: 10e6,
  turns: 3,
  timedNs: 0,
  mostTimedNs: 3e9,
  peakNs: 0,
  catalogs: 1,
};

/** @returns one entry an encoding; latency is the median over blocks, in nanoseconds for the whole output. */
export function compressOutput(request: { output: Uint8Array; collect: () => void }): EncodedSize[] {
  const { output, collect } = request;
  return encoders.map(({ encoding, level, compress }) => {
    const { latencyNs } = measureOperation({ operate: compress, inputs: [output], settings, collect });
    return { encoding, level, sizeBytes: compress(output).length, latencyNs };
  });
}
