/**
 * What people call the rounds of a cell.
 */
import type { Evidence } from '../model/cell.ts';

/** A fork is one process of a contender, alone or in an ensemble. */
export const evidenceNouns: Readonly<Record<Evidence, string>> = { fork: 'processes', round: 'rounds' };
