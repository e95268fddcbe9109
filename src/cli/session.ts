/**
 * What `run` and `http` have in common: a session that is planned, measured into a journal, stored and reported, and
 * that can be gone on with after it was stopped, or added to after it was finished.
 */
import path from 'node:path';

import type { Progress } from '../model/progress.ts';
import type { Environment } from '../model/environment.ts';
import type { Run } from '../model/run.ts';
import type { Registry } from '../registry/registry.ts';
import type { MeasuredCode } from '../model/run-plan.ts';
import type { JournalFile, OpenJournal, Resumable } from '../store/journal-file.ts';
import { whileLocked } from '../store/lock.ts';
import { runFileName, writeRun } from '../store/run-file.ts';
import type { ExitCode } from '../user-error.ts';
import { UserError } from '../user-error.ts';
import type { Io } from './command.ts';
import { openProgress } from './progress.ts';
import { renderRun, writeReport } from './render.ts';
import {
  adding,
  type GivenOptions,
  refuseOtherCode,
  refuseOtherEnvironment,
  refuseOtherOptions,
  resuming,
} from './unfinished.ts';

/** Options that every command with a session has. */
export interface SessionOptions {
  /** Directory of what is stored, as it was typed. */
  readonly out: string;
  /** Print the plan and measure nothing. */
  readonly list?: true | undefined;
  /** Go on with what is unfinished in the directory, or add to what is finished where `extend` says so. */
  readonly resume?: true | undefined;
  /** Exit with 1 where a cell is incorrect or failed. */
  readonly strict?: true | undefined;
}

/** What is to be measured. */
interface PlannedSession<Header, Plan> {
  readonly plan: Plan;
  /** Knows what the plan's names mean, for the report. */
  readonly registry: Registry;
  /** What the journal begins with, as it is now; of a session that is gone on with, the earlier one counts. */
  readonly header: Header;
}

/** How far a session has come. */
interface Measured<Outcome> {
  readonly outcomes: readonly Outcome[];
  /** Measuring time, earlier sessions included. */
  readonly elapsedMs: number;
  readonly interrupted: boolean;
}

/** What a command with a session does its own way. */
export interface Session<Header, Outcome, Plan> {
  /** As the user calls it, e.g. `wirebench run`. */
  readonly command: string;
  readonly journal: JournalFile<Header, Outcome>;
  /** Of the report on stdout. */
  readonly format: string;
  /** What was asked for on the command line, to be compared with what the earlier session was planned with. */
  readonly given: GivenOptions;
  /**
   * @param earlier the header of the session that is gone on with, whose plan it has to be again.
   * @throws {UserError} for options that cannot be.
   */
  readonly prepare: (
    earlier: Header | undefined,
  ) => Promise<PlannedSession<Header & { readonly code: MeasuredCode }, Plan>>;
  /**
   * The finished session in a directory as a longer one with what it has measured; left out where none can be added to.
   * @returns `undefined` where nobody asked for that.
   * @throws {UserError} where it was asked for and cannot be.
   */
  readonly extend?: (directory: string) => Promise<Extended<Header, Outcome, Plan> | undefined>;
  /** The plan and its estimated time, for `--list`. */
  readonly describePlan: (planned: PlannedSession<Header, Plan>) => string;
  /** Of the outcomes of an earlier session those that count: a round that was cut in its middle is measured again. */
  readonly keepWholeRounds: (planned: PlannedSession<Header, Plan>, outcomes: readonly Outcome[]) => Outcome[];
  /** Measures what `done` lacks. */
  readonly measure: (request: {
    readonly plan: Plan;
    readonly done: readonly Outcome[];
    readonly spentMs: number;
    readonly progress: Progress;
    /** Takes an outcome as soon as there is one. */
    readonly keep: (outcome: Outcome) => void;
  }) => Promise<void>;
  readonly assemble: (planned: PlannedSession<Header, Plan>, measured: Measured<Outcome>) => Run;
}

/** A finished session that is added to. */
interface Extended<Header, Outcome, Plan> {
  readonly header: Header;
  readonly elapsedMs: number;
  readonly outcomesOf: (plan: Plan) => readonly Outcome[];
}

type SessionHeader = Resumable & { readonly environment: Environment };

/** Carries a session out as the options say. */
export async function carryOut<Header extends SessionHeader, Outcome, Plan>(
  session: Session<Header, Outcome, Plan>,
  options: SessionOptions,
  io: Io,
): Promise<ExitCode> {
  const place = { directory: path.resolve(io.cwd, options.out), command: session.command };
  const extended = await session.extend?.(place.directory);
  if (options.list === true) {
    const unfinished = options.resume === true && extended === undefined;
    const earlier = unfinished ? session.journal.read(place.directory).header : extended?.header;
    io.stdout.write(session.describePlan(await prepare(session, earlier)));
    return 0;
  }
  if (extended !== undefined) {
    // Read again where nobody else writes.
    return whileLocked(place, async () => {
      const current = (await session.extend?.(place.directory)) ?? extended;
      return add(session, current, { ...place, options, io });
    });
  }
  // What is gone on with is read when nobody else writes it; a new session makes no directory before all options are
  // known to be right.
  if (options.resume === true) {
    session.journal.read(place.directory);
    return whileLocked(place, () => goOn(session, { ...place, options, io }));
  }
  const planned = await prepare(session, undefined);
  return whileLocked(place, () => begin(session, planned, { ...place, options, io }));
}

interface Destination {
  readonly directory: string;
  readonly options: SessionOptions;
  readonly io: Io;
}

/** @throws {UserError} where something else would be measured than what the earlier session began with. */
async function prepare<Header extends SessionHeader, Outcome, Plan>(
  session: Session<Header, Outcome, Plan>,
  earlier: Header | undefined,
): Promise<PlannedSession<Header, Plan>> {
  if (earlier === undefined) return session.prepare(undefined);
  const going = earlier.addition === undefined ? resuming : adding;
  refuseOtherOptions(earlier.options, session.given, going);
  const planned = await session.prepare(earlier);
  refuseOtherCode(earlier.code, planned.header.code, going);
  refuseOtherEnvironment(earlier.environment, planned.header.environment, going);
  return { ...planned, header: earlier };
}

async function begin<Header extends SessionHeader, Outcome, Plan>(
  session: Session<Header, Outcome, Plan>,
  planned: PlannedSession<Header, Plan>,
  place: Destination,
): Promise<ExitCode> {
  const { directory, io } = place;
  const { journal, movedAside } = session.journal.start(directory, planned.header);
  const progress = openProgress(io);
  if (movedAside !== undefined) {
    progress.say(
      `the unfinished run in ${directory} was kept as ${path.basename(movedAside)}; --resume would have gone on with it`,
    );
  }
  return finish(session, { ...place, planned, journal, progress, done: [], spentMs: 0 });
}

async function goOn<Header extends SessionHeader, Outcome, Plan>(
  session: Session<Header, Outcome, Plan>,
  place: Destination,
): Promise<ExitCode> {
  const earlier = session.journal.read(place.directory);
  const planned = await prepare(session, earlier.header);
  const done = session.keepWholeRounds(planned, earlier.outcomes);
  const progress = openProgress(place.io);
  const [read, dropped] = [earlier.outcomes.length, earlier.outcomes.length - done.length];
  if (dropped > 0) {
    progress.say(
      `a round was cut off in its middle and is measured again whole; ${dropped} of ${read} outcomes are dropped for it`,
    );
  }
  const journal = session.journal.open(place.directory, done);
  return finish(session, { ...place, planned, journal, progress, done, spentMs: earlier.elapsedMs });
}

/** The finished run stays as it is until the longer one is whole; what is measured in between is in the journal. */
async function add<Header extends SessionHeader, Outcome, Plan>(
  session: Session<Header, Outcome, Plan>,
  { header, elapsedMs, outcomesOf }: Extended<Header, Outcome, Plan>,
  place: Destination,
): Promise<ExitCode> {
  const planned = await prepare(session, header);
  const done = outcomesOf(planned.plan);
  const { journal } = session.journal.start(place.directory, header, { outcomes: done, elapsedMs });
  return finish(session, { ...place, planned, journal, progress: openProgress(place.io), done, spentMs: elapsedMs });
}

/** Measures, stores and reports. */
async function finish<Header extends SessionHeader, Outcome, Plan>(
  session: Session<Header, Outcome, Plan>,
  state: Destination & {
    planned: PlannedSession<Header, Plan>;
    journal: OpenJournal<Outcome>;
    progress: Progress;
    done: readonly Outcome[];
    spentMs: number;
  },
): Promise<ExitCode> {
  const { planned, journal, progress, done, spentMs, directory, options, io } = state;
  const startedMs = performance.now();
  const elapsedMs = (): number => spentMs + performance.now() - startedMs;
  const outcomes = [...done];
  try {
    await session.measure({
      plan: planned.plan,
      done,
      spentMs,
      progress,
      keep: (outcome) => {
        outcomes.push(outcome);
        journal.append({ elapsedMs: elapsedMs(), outcome });
      },
    });
  } finally {
    progress.end();
  }
  const { aborted } = io.signal;
  const run = session.assemble(planned, { outcomes, elapsedMs: elapsedMs(), interrupted: aborted });
  const cells = [...run.cells, ...(run.http?.cells ?? [])];
  if (cells.length === 0)
    throw new UserError('stopped before anything was measured in a whole round', { code: aborted ? 130 : 2 });
  if (aborted && planned.header.addition !== undefined) {
    io.stdout.write(await renderRun({ run, registry: planned.registry, format: session.format, io }));
    progress.say(`stopped early; the finished run is as it was, and \`--resume\` with the same --out goes on adding`);
    return 130;
  }
  writeRun(directory, run);
  if (!aborted) journal.discard();
  const files = await writeReport({ run, registry: planned.registry, directory });
  io.stdout.write(await renderRun({ run, registry: planned.registry, format: session.format, io }));
  const written = [runFileName, ...files].map((name) => path.join(path.relative(io.cwd, directory) || '.', name));
  progress.say(`wrote ${new Intl.ListFormat('en').format(written)}`);
  if (aborted) {
    progress.say('stopped early; `--resume` with the same --out goes on');
    return 130;
  }
  const isBroken = cells.some(({ status }) => status === 'incorrect' || status === 'failed');
  return options.strict === true && isBroken ? 1 : 0;
}
