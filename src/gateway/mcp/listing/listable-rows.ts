/**
 * Leaves rows out of lists: those that are switched off, and those that no client could read, which earlier versions
 * stored, since others are refused before.
 *
 * What was found of a row (listable.ts) is remembered until the row changes.
 */
import { setImmediate as turn } from 'node:timers/promises';

import { type Entity, isSwitchedOff, nameFieldOf } from '../../entities/entity.ts';
import { quote, escapeAndCut } from '../../quote.ts';
import { type CheckingThread, CheckingEnded } from '../tool-schemas/checking-thread.ts';
import { describeProblem, findUnlistable } from './listable.ts';
import type { ListedKind } from './listed.ts';

export interface ListableRows {
  /** The rows that can be listed, in their order; the same list where all can and are known. */
  select(kind: ListedKind, rows: readonly Entity[]): readonly Entity[] | Promise<readonly Entity[]>;
}

/** What is known of one state of a row. */
interface Known {
  readonly version: unknown;
  readonly updatedAt: number;
  readonly isListable: boolean;
}

/** Rows that are remembered; arbitrary, about a hundred bytes each. Others are looked at in every list. */
const mostRemembered = 50_000;
/** Rows that are looked at before others get a turn; a millisecond's work or two. */
const rowsInTurn = 20;

/** @param options.warn gets a line for each row that is left out, once for each state of it. */
export function createListableRows({
  thread,
  warn,
}: {
  thread: CheckingThread;
  warn: (line: string) => void;
}): ListableRows {
  const known: Readonly<Record<ListedKind, Map<string, Known>>> = {
    tools: new Map(),
    resources: new Map(),
    prompts: new Map(),
  };

  function isKnownListable(kind: ListedKind, row: Entity): boolean | undefined {
    const found = known[kind].get(row[nameFieldOf(kind)] as string);
    return found !== undefined && found.version === row['version'] && found.updatedAt === Number(row['updatedAt'])
      ? found.isListable
      : undefined;
  }

  async function examine(kind: ListedKind, row: Entity): Promise<boolean> {
    try {
      const isOff = isSwitchedOff(row);
      const problem = isOff ? undefined : await findUnlistable(kind, row, thread);
      const name = row[nameFieldOf(kind)] as string;
      known[kind].set(name, {
        version: row['version'],
        updatedAt: Number(row['updatedAt']),
        isListable: problem === undefined && !isOff,
      });
      const [oldest] = known[kind].keys();
      if (known[kind].size > mostRemembered && oldest !== undefined) known[kind].delete(oldest);
      if (problem !== undefined)
        warn(
          escapeAndCut(
            `left out of the list of ${kind}: ${quote(name)}, which would make clients refuse all of it: ${describeProblem('', problem)}`,
            500,
          ),
        );
      return problem === undefined && !isOff;
    } catch (error) {
      // There was no time to find out. One row is better missing now than in the way of all others.
      if (error instanceof CheckingEnded) return false;
      throw error;
    }
  }

  async function selectListable(kind: ListedKind, rows: readonly Entity[]): Promise<Entity[]> {
    const listable: Entity[] = [];
    let examined = 0;
    for (const row of rows) {
      const isListable = isKnownListable(kind, row);
      if (isListable === undefined && (examined += 1) % rowsInTurn === 0) await turn();
      if (isListable ?? (await examine(kind, row))) listable.push(row);
    }
    return listable;
  }

  return {
    select(kind, rows) {
      for (const row of rows) if (isKnownListable(kind, row) !== true) return selectListable(kind, rows);
      return rows;
    },
  };
}
