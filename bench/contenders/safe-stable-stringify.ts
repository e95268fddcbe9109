/**
 * safe-stable-stringify at its default: deterministic key order, and no exception on circular references or BigInt.
 *
 * Sorting is what it is installed for, so it stays on. The text holds the same value as `JSON.stringify`'s with keys
 * in another order. Source: the package's README.
 */
import type { SerializeContender } from '../../src/model/contender.ts';

export default {
  kind: 'serialize',
  title: 'safe-stable-stringify',
  package: 'safe-stable-stringify',
  tier: 'thorough',
  capabilities: ['sorts-keys'],
  equality: 'json',
  async load() {
    const { default: stringify } = await import('safe-stable-stringify');
    return () => ({
      // The library gives undefined for undefined alone, as JSON.stringify does; the check sees that.
      stringify: (value) => stringify(value) as string,
    });
  },
  usage: {
    install: ['safe-stable-stringify'],
    imports: ["import stringify from 'safe-stable-stringify';"],
    setup: [],
    serializer: 'stringify',
  },
} satisfies SerializeContender;
