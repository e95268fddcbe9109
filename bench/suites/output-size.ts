/**
 * How many bytes a response takes, plain and compressed: binary formats, envelopes and layouts against JSON text.
 *
 * Contenders that write the reference's own bytes are left out, as their rows would repeat it.
 * Deliberately absent: the time to serialize (see serialize.ts).
 */
import type { SizeSuite } from '../../src/model/suite.ts';

const REFERENCE = 'json-stringify';

export default {
  title: 'Output size',
  question: 'How large is the output, plain and compressed?',
  order: 5,
  reference: REFERENCE,
  tier: 'quick',
  method: 'size',
  sizes: [100],
  contenders: ({ id, kind, equality }) =>
    kind === 'layout' || id === REFERENCE || (kind === 'serialize' && equality !== 'bytes'),
  payloads: ({ role }) => role === 'response',
} satisfies SizeSuite;
