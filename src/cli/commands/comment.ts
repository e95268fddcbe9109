/**
 * `wirebench comment`: puts the gate's report below a pull request, in one comment that later sessions replace.
 *
 * It reads gate.json as data and runs nothing of either side, so that the token it needs is never where such code runs.
 * Whatever keeps it from commenting is told in the log and changes no exit code: the gate has its own. A session of
 * another commit is not shown, since a pull request can bring a gate.json of its own.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

import type { GateSession } from '../../model/gate.ts';
import { putComment, type CommentOutcome } from '../../pull-request/comment.ts';
import { type Job, readJob } from '../../pull-request/job.ts';
import { reportGate } from '../../report/gate/gate-report.ts';
import { type AnnotationLevel, workflowCommand } from '../../report/workflow-command.ts';
import { gateFileName, readGateSession } from '../../store/gate-file.ts';
import { type CliCommand, defineCommand, type Io } from '../command.ts';
import { tell } from '../progress.ts';
import { renderDocument } from '../render.ts';

const defaultDirectory = path.join('results', 'gate');

const command: CliCommand = defineCommand({
  summary: "show a gate's session in a comment on its pull request, from a job of GitHub Actions",
  declare: (comment) =>
    comment
      .argument('[dir]', 'the directory that holds gate.json', defaultDirectory)
      .addHelpText(
        'after',
        [
          '',
          'The pull request is that of the job. GITHUB_TOKEN needs the permission `pull-requests: write`, and pull requests',
          'from forks do not get it: the log says so, and the exit code is 0. The comment is replaced the next time.',
        ].join('\n'),
      ),

  async run({ args: [directory] }, io) {
    const job = readJob(io.env);
    if (job === undefined) {
      announce(io, 'notice', 'there is no pull request to comment on: this job runs for something else');
      return 0;
    }
    const file = path.resolve(io.cwd, directory, gateFileName);
    if (!existsSync(file)) {
      announce(io, 'warning', `the gate has left no session in ${directory}, so there is no comment: its log says why`);
      return 0;
    }
    const session = readGateSession(file);
    if (!isOf(session, job)) {
      announce(
        io,
        'warning',
        `the session in ${directory} is about ${session.candidate.commit} and not about a commit of this job, so there is no comment`,
      );
      return 0;
    }
    const body = await renderDocument({ document: reportGate(session), format: 'github-comment', io, session });
    const marker = `<!-- wirebench gate of ${job.name} -->`;
    const outcome = await putComment({ place: job.place, marker, body, signal: io.signal });
    if (outcome.kind === 'interrupted') return 130;
    sayOutcome(outcome, { job, io });
    return 0;
  },
});

export default command;

/** Commits of sessions are short ones, and say where the working tree differed. */
function isOf({ candidate }: GateSession, { commits }: Job): boolean {
  const short = candidate.commit.replace(/-dirty$/, '');
  return short.length >= shortestCommit && commits.some((commit) => commit.startsWith(short));
}

/** What git abbreviates to at least. */
const shortestCommit = 7;

function sayOutcome(
  outcome: Exclude<CommentOutcome, { kind: 'interrupted' }>,
  { job, io }: { job: Job; io: Io },
): void {
  if (outcome.kind !== 'refused') {
    tell(io, `${outcome.kind} the comment${outcome.url === undefined ? '' : ` ${outcome.url}`}`);
    return;
  }
  const isForbidden = outcome.status === 401 || outcome.status === 403 || outcome.status === 404;
  const told = `no comment on the pull request: ${outcome.reason}`;
  if (!isForbidden) announce(io, 'warning', told);
  else if (job.isFork) {
    const why = 'a pull request from a fork has a token that may only read; its report is in the summary of the job';
    announce(io, 'notice', `${told}; ${why}`);
  } else announce(io, 'warning', `${told}; the job needs \`permissions: pull-requests: write\``);
}

/** In the log, and as an annotation where GitHub reads it. */
function announce(io: Io, level: AnnotationLevel, message: string): void {
  tell(io, message);
  if (io.env['GITHUB_ACTIONS'] !== 'true') return;
  io.stderr.write(`${workflowCommand(level, { title: 'wirebench comment', message })}\n`);
}
