/**
 * Bodies in fewer bytes: whether a client accepts the configured encoding, and the encoders that the runtime has.
 *
 * Whole bodies only, on the thread pool: every response is a whole body before it is sent anyway.
 * Source: RFC 9110, section 12.5.3 (Accept-Encoding).
 */
import { promisify } from 'node:util';
import zlib from 'node:zlib';

import { UserError } from '../../user-error.ts';
import type { CompressionName, ResponseSettings } from '../settings.ts';

/** What a body is sent in; `identity` as it is. */
export type Encoding = 'identity' | CompressedEncoding;
type CompressedEncoding = Exclude<CompressionName, 'none'>;

/** Levels that an encoder knows, and the one that gateways commonly use: near the best ratio for its time. */
interface Levels {
  readonly min: number;
  readonly max: number;
  readonly usual: number;
}

interface Encoder {
  readonly levels: Levels;
  /** @param level the encoder's own default where absent. */
  encode(body: Buffer, level: number | undefined): Promise<Buffer>;
}

const gzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip);
const brotli = promisify<zlib.InputType, zlib.BrotliOptions, Buffer>(zlib.brotliCompress);
const zstd = promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdCompress);
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT, ZSTD_c_compressionLevel } = zlib.constants;

const encoders: Readonly<Record<CompressedEncoding, Encoder>> = {
  gzip: {
    levels: { min: 1, max: 9, usual: 6 },
    encode: (body, level) => gzip(body, level === undefined ? {} : { level }),
  },
  br: {
    levels: { min: 0, max: 11, usual: 4 },
    encode: (body, level) =>
      brotli(body, {
        params: {
          [BROTLI_PARAM_SIZE_HINT]: body.length,
          ...(level === undefined ? {} : { [BROTLI_PARAM_QUALITY]: level }),
        },
      }),
  },
  zstd: {
    levels: { min: 1, max: 22, usual: 3 },
    encode: (body, level) => zstd(body, level === undefined ? {} : { params: { [ZSTD_c_compressionLevel]: level } }),
  },
};

export function levelsOf(encoding: CompressedEncoding): Levels {
  return encoders[encoding].levels;
}

/** @throws {UserError} for a level that the encoder does not have. */
export function requireLevel({ compression, compressionLevel: level }: ResponseSettings): void {
  if (compression === 'none' || level === undefined) return;
  const { min, max } = levelsOf(compression);
  if (Number.isSafeInteger(level) && level >= min && level <= max) return;
  throw new UserError(`cannot compress with ${compression} at level ${level}: it has no such level`, {
    hint: `choose a whole number from ${min} to ${max}`,
  });
}

export function compress(
  body: Buffer,
  options: { encoding: CompressedEncoding; level: number | undefined },
): Promise<Buffer> {
  return encoders[options.encoding].encode(body, options.level);
}

/**
 * Whether an Accept-Encoding header allows the encoding; a name counts before `*`, and a weight of 0 forbids.
 * @param header absent or empty: nothing is allowed.
 */
export function accepts(header: string | undefined, encoding: CompressedEncoding): boolean {
  if (header === undefined) return false;
  const weights = new Map(
    header.split(',').map((part): [string, number] => {
      const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return [name, weight === undefined ? 1 : Number(weight)];
    }),
  );
  // A weight that is no number compares as false, which is the cautious answer.
  return (weights.get(encoding) ?? weights.get('*') ?? 0) > 0;
}
