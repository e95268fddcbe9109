/**
 * What the Python gateway's own page states about orjson, to be held against what is measured here.
 *
 * Facts about that page; no figure is this project's.
 * Source: ContextForge (IBM/mcp-context-forge), performance documentation.
 */
import type { Claim, ClaimSet, ClaimTable } from '../../src/model/claims.ts';

const serializers = { suite: 'serialize', subject: 'python-orjson', against: 'python-json' } as const;

/** Where the page's figures of micro-benchmarks are judged. */
const at = { payload: 'seed-items', variant: 'text', sink: 'bytes' };

/** The page's table; its gains are (t_json - t_orjson) / t_orjson. */
const stated: ClaimTable['stated'] = [
  { items: 10, againstNs: 10_320, subjectNs: 1430, gain: 6.23 },
  { items: 100, againstNs: 91_000, subjectNs: 13_820, gain: 5.58 },
  { items: 1000, againstNs: 893_530, subjectNs: 135_000, gain: 5.62 },
  { items: 5000, againstNs: 4_440_000, subjectNs: 682_140, gain: 5.51 },
];

/** The page's "5-6x" is made of these, one a size. */
const gains = stated.map(({ items, gain }): Claim => ({
  what: 'serializing is 5-6x faster',
  ...serializers,
  at,
  metric: 'latencyNs',
  change: 'more',
  items: [items],
  from: gain,
  to: gain,
}));

/**
 * The page states these of its serializer alone, for large lists; each serializer that could take its place is held to
 * them.
 */
const underLoad = ['gateway-serializer', 'fast-json-stringify'].flatMap((subject): Claim[] => {
  const list = { suite: 'serializers', at: { scenario: 'tools-1000' }, subject, against: 'json-stringify' } as const;
  return [
    { ...list, what: 'more requests a second', metric: 'requestsPerSec', change: 'more', from: 0.15, to: 0.3 },
    { ...list, what: 'less CPU a request', metric: 'cpuNsPerRequest', change: 'less', from: 0.1, to: 0.2 },
    { ...list, what: 'a faster p95', metric: 'p95Ns', change: 'less', from: 0.2, to: 0.4 },
  ];
});

/** Compressed lists are stated in figures; that the parts add up is stated without any. */
const parts: readonly Claim[] = [
  {
    suite: 'parts',
    at: { scenario: 'tools-100' },
    subject: 'compression',
    against: 'plain',
    what: 'compression makes lists smaller',
    metric: 'wireBytesPerRequest',
    change: 'less',
    from: 0.82,
    to: 0.85,
  },
  ...[
    { subject: 'compression', what: 'compression answers more requests a second' },
    { subject: 'cache', what: 'caching answers more requests a second' },
    { subject: 'keep-alive', what: 'pooled connections answer more requests a second' },
  ].map((claim): Claim => ({
    ...claim,
    suite: 'parts',
    at: { scenario: 'tools-100' },
    against: 'plain',
    metric: 'requestsPerSec',
    change: 'more',
    from: 0,
  })),
];

// A declaration of its own, since the type that satisfies alone would infer has no name that others can import.
const claims: ClaimSet = {
  title: "The Python gateway's figures",
  source: 'ContextForge (IBM/mcp-context-forge), performance documentation',
  payload: at.payload,
  table: { ...serializers, beside: ['json-stringify', 'gateway-serializer'], stated },
  claims: [
    ...gains,
    {
      what: 'parsing is 1.5-2x as fast',
      suite: 'parse',
      at,
      subject: 'python-orjson-parse',
      against: 'python-json-parse',
      metric: 'latencyNs',
      change: 'more',
      items: stated.map(({ items }) => items),
      from: 0.55,
      to: 1.15,
    },
    {
      what: 'the output is smaller',
      ...serializers,
      suite: 'output-size',
      at,
      metric: 'outputBytes',
      change: 'less',
      from: 0.07,
      to: 0.07,
    },
    {
      what: 'the advantage grows with size',
      ...serializers,
      at,
      metric: 'latencyNs',
      change: 'grows',
      items: [10, 5000],
    },
  ],
  http: [...underLoad, ...parts],
};

export default claims;
