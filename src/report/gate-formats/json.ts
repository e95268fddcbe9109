/**
 * A gate session as it is stored, every fork's values included: what another program decides on.
 */
import { escapeInJson } from '../../foreign-text.ts';
import type { GateFormat } from '../gate-formats.ts';

export default {
  extension: 'json',
  render: (session) => `${escapeInJson(JSON.stringify(session, null, 1))}\n`,
} satisfies GateFormat;
