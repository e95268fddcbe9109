/**
 * `JSON.stringify`, as every gateway uses it unless somebody changed it: the reference of all speedups.
 *
 * V8 writes plain data on a fast path and starts again on a slow one at the first `toJSON`, so the native variant
 * (Dates, UUID objects) costs it several times as much. Deliberately absent: a replacer, an indent.
 */
import type { SerializeContender } from '../../src/model/contender.ts';

export default {
  kind: 'serialize',
  title: 'JSON.stringify',
  package: null,
  tier: 'quick',
  capabilities: [],
  equality: 'bytes',
  load() {
    return Promise.resolve(() => ({ stringify: (value) => JSON.stringify(value) }));
  },
  usage: { install: [], imports: [], setup: [], serializer: 'JSON.stringify', isFrameworkDefault: true },
} satisfies SerializeContender;
