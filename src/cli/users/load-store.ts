/**
 * Keeps what workers tell of a load while it is made, and makes its run file and reports at the end.
 */
import path from 'node:path';

import type { Environment } from '../../model/environment.ts';
import type { Progress } from '../../model/progress.ts';
import type { Run } from '../../model/run.ts';
import type { PlannedLoad, WorkerEvent } from '../../model/users.ts';
import type { Registry } from '../../registry/registry.ts';
import { assembleUsersRun } from '../../runs/assemble-users-run.ts';
import type { OpenJournal } from '../../store/journal-file.ts';
import { runFileName, writeRun } from '../../store/run-file.ts';
import { usersJournal, type UsersJournalHeader } from '../../store/users-journal.ts';
import { LoadAccount } from '../../users/results.ts';
import type { LoadSum } from '../../users/slices.ts';
import { UserError } from '../../user-error.ts';
import type { Io } from '../command.ts';
import { renderRun, writeReport } from '../render.ts';

export interface LoadStoreRequest {
  readonly directory: string;
  readonly plan: PlannedLoad;
  readonly seed: number;
  readonly environment: Environment;
  readonly registry: Registry;
  readonly format: string;
  readonly progress: Progress;
  readonly io: Io;
}

/** One load. */
export class LoadStore {
  readonly #request: LoadStoreRequest;
  readonly #header: Omit<UsersJournalHeader, 'plan'>;
  readonly #journal: OpenJournal<WorkerEvent>;
  readonly #account = new LoadAccount();
  #hasEvents = false;
  readonly #beganMs = performance.now();

  /** @throws {UserError} where the directory cannot be written. */
  constructor(request: LoadStoreRequest) {
    this.#request = request;
    const { directory, plan, seed, environment, progress } = request;
    this.#header = { journalVersion: 1, startedAt: new Date().toISOString(), seed, environment };
    const { journal, movedAside } = usersJournal.start(directory, { ...this.#header, plan });
    this.#journal = journal;
    if (movedAside !== undefined)
      progress.say(
        `the unfinished load in ${directory} was kept as ${path.basename(movedAside)}; \`wirebench report\` shows it`,
      );
  }

  get elapsedMs(): number {
    return performance.now() - this.#beganMs;
  }

  /** Of what has been told so far. */
  get sum(): LoadSum {
    return this.#account.sum;
  }

  note(event: WorkerEvent): void {
    this.#hasEvents = true;
    this.#account.note(event);
    this.#journal.append({ elapsedMs: this.elapsedMs, outcome: event });
  }

  /**
   * Writes run.json and the reports, and prints one.
   * @param end.plan where more is known of it than when the load began.
   * @throws {UserError} where nothing was told at all.
   */
  async finish(end: { interrupted: boolean; reasons: readonly string[]; plan?: PlannedLoad }): Promise<Run> {
    const { directory, plan, registry, format, progress, io } = this.#request;
    const { interrupted, reasons } = end;
    const header = { ...this.#header, plan: end.plan ?? plan };
    if (!this.#hasEvents)
      throw new UserError(['stopped before any user had come', ...reasons].join(': '), { code: interrupted ? 130 : 2 });
    const { elapsedMs } = this;
    const run = assembleUsersRun({ header, account: this.#account, elapsedMs, interrupted, reasons });
    writeRun(directory, run);
    this.#journal.discard();
    const files = await writeReport({ run, registry, directory });
    io.stdout.write(await renderRun({ run, registry, format, io }));
    const written = [runFileName, ...files].map((name) => path.join(path.relative(io.cwd, directory) || '.', name));
    progress.say(`wrote ${new Intl.ListFormat('en').format(written)}`);
    return run;
  }
}
