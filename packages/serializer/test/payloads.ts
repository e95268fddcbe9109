/**
 * Responses for the tests with real servers: Dates, emoji, keys no schema names, and values at odds with a schema.
 */

/** Longer than what is sent in one piece. */
export const longCount = 5000;

export function makeTools(count: number): object[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `tool-${n}`,
    created_at: new Date(n * 86_400_000),
    description: n % 50 === 0 ? `Übersetzt 🛠️ — ${'日本'.repeat(20)}` : 'plain text '.repeat(12),
    'x-unknown': { nested: [n, null, { at: new Date(0) }] },
    ...(n % 100 === 99 ? { created_at: 'not a date', extra: true } : {}),
  }));
}

export const payloads: readonly [string, unknown][] = [
  ['an object', { at: new Date(0), name: '🛠️', missing: undefined }],
  ['an empty list', []],
  ['null', null],
  ['a short list', makeTools(3)],
  ['a short list in an envelope', { jsonrpc: '2.0', result: { tools: makeTools(30), at: new Date(5) }, id: 1 }],
  ['a long list', makeTools(longCount)],
  ['a long list in an envelope', { jsonrpc: '2.0', result: { tools: makeTools(longCount) }, id: '\u2028' }],
];
