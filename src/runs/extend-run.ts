/**
 * Turns a finished run back into the journal of a longer one, so that rounds can be added to it.
 *
 * The same session goes on: same plan, code and machine, rounds numbered on. Sizes and observations are exact and get no
 * further rounds.
 */
import { outcomesBehind } from '../compare/assemble-forks.ts';
import { nameCell } from '../compare/cells.ts';
import type { Plan } from '../measure/plan.ts';
import type { ForkOutcome } from '../model/cell.ts';
import type { RunNoise } from '../model/noise.ts';
import type { Run } from '../model/run.ts';
import type { JournalHeader } from '../store/journal.ts';
import { UserError } from '../user-error.ts';

/** How many rounds a run is to have: so many more than it has, or so many in all. */
export type WantedRounds = { readonly more: number } | { readonly total: number };

/**
 * The header of the longer run.
 * @param request.file names the run in messages.
 * @throws {UserError} where the run does not say how it was planned, was joined of shards, or has nothing to add to.
 */
export function extendHeader({ run, file, wanted }: { run: Run; file: string; wanted: WantedRounds }): JournalHeader {
  const { plan, startedAt, profile, seed, environment } = run;
  const cannot = `cannot add rounds to ${file}`;
  const instead = 'start a new run in another --out';
  if (run.shards !== undefined)
    throw new UserError(`${cannot}: it was joined of shards`, { hint: 'add to each shard and join them again' });
  const from = countRounds(run);
  if (from === 0) {
    const has = run.http === undefined ? 'sizes and observations, which are exact' : 'what was measured over HTTP';
    throw new UserError(`${cannot}: it has nothing but ${has}`, { hint: instead });
  }
  if (plan === undefined)
    throw new UserError(`${cannot}: the version of wirebench that measured it did not record how`, { hint: instead });
  const forks = 'total' in wanted ? wanted.total : from + wanted.more;
  if (forks <= from) {
    throw new UserError(`nothing to add with --forks ${forks}: ${file} has ${from} rounds already`, {
      hint: `ask for more than that, or for --more ${forks}`,
    });
  }
  const { selection, sample, code, options, shard } = plan;
  return {
    journalVersion: 1,
    startedAt,
    profile,
    seed,
    forks,
    selection,
    ...(sample === undefined ? {} : { sample }),
    ...(shard === undefined ? {} : { shard: { index: shard.index, of: shard.of } }),
    environment,
    code,
    options: { ...options, forks },
    addition: { from },
  };
}

/** Rounds of timed cells, counted by the last one. */
function countRounds({ cells }: Run): number {
  return Math.max(0, ...cells.flatMap(({ rounds }) => rounds.map(({ round }) => round + 1)));
}

/** What was measured of a plan, round by round; cells that the plan does not have are left out. */
export function outcomesOfRun({ cells, noise }: Run, plan: Plan): ForkOutcome[] {
  const planned = new Map(plan.cells.map((cell) => [cell.key, cell]));
  const outcomes = cells.flatMap((cell) => {
    const own = planned.get(nameCell(cell.id));
    return own === undefined ? [] : outcomesBehind(cell, own.forks.max);
  });
  return [...outcomes, ...twinsBeside(outcomes, noise)].toSorted((a, b) => a.round - b.round);
}

/** A run keeps of its twins what they read beside their originals. */
function twinsBeside(outcomes: readonly ForkOutcome[], noise: RunNoise | undefined): ForkOutcome[] {
  return (noise?.twins ?? []).flatMap(({ cell, rounds }) =>
    rounds.flatMap(({ round, ratio }): ForkOutcome[] => {
      const original = outcomes.find((one) => one.round === round && nameCell(one.cell) === nameCell(cell));
      if (original?.fork === undefined) return [];
      return [{ ...original, isTwin: true, fork: { ...original.fork, latencyNs: original.fork.latencyNs * ratio } }];
    }),
  );
}
