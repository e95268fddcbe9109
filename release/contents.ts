/**
 * What each package may hold: kinds of files, and for the serializer bytes. Whoever adds a kind or raises a limit has a
 * reason for more in every installation.
 */

export interface Contents {
  readonly kinds: readonly RegExp[];
  /** Of the tarball. */
  readonly mostPackedBytes: number;
  readonly mostUnpackedBytes: number;
}

export const contents: Readonly<Record<string, Contents>> = {
  wirebench: {
    kinds: [
      /^src\/measure\/python\/worker\.py$/,
      /^dist\/(?:src|bench|packages)\/.*\.(?:js|d\.ts)$/,
      /^fixtures\/schemas\/[\w-]+\.schema\.json$/,
      /^[A-Z]+(?:\.md)?$/,
      // What the documents link to.
      /^docs\/[\w/-]+\.md$/,
      /^results\/[\w/-]+\.md$/,
      /^packages\/serializer\/(?:README|CHANGELOG)\.md$/,
      /^examples\//,
      /^package\.json$/,
    ],
    // About a fifth above what it had when they were set; code with comments, types, and the documents.
    mostPackedBytes: 1_500_000,
    mostUnpackedBytes: 5_500_000,
  },
  'json-response-serializer': {
    kinds: [/^dist\/[\w-]+\.(?:js|d\.ts)$/, /^[A-Z]+(?:\.md)?$/, /^package\.json$/],
    // A few modules of code with comments, which make half of it, and three documents; about a tenth above what it had.
    mostPackedBytes: 60_000,
    mostUnpackedBytes: 200_000,
  },
};
