/**
 * The process that makes the load, apart from the program, so that nothing else takes its time.
 *
 * Takes one job over its channel, and ends when the channel closes: it never outlives who started it.
 */
import { kindOfError } from '../../load/failure.ts';
import { endWithParent, tellParent } from '../../process/parent.ts';
import { Load } from './load.ts';
import type { Command, GeneratorMessage, LoadJob } from './messages.ts';

/** Often enough for a bar that moves, seldom enough to cost nothing. */
const progressStepMs = 200;

let load: Load | undefined;

endWithParent();
// Who presses Ctrl-C means the program that started this process, which asks for what was measured.
process.on('SIGINT', () => {});
process.on('message', (command: Command) => {
  if (command.type === 'stop') load?.stop();
  else
    carryOut(command).catch((error: unknown) =>
      send({ type: 'failure', reason: `could not make the load: ${kindOfError(error)}` }),
    );
});
send({ type: 'ready' });

function send(message: GeneratorMessage): void {
  tellParent(message);
}

async function carryOut(job: LoadJob): Promise<void> {
  const made = new Load(job);
  load = made;
  const timer = setInterval(() => send({ type: 'progress', done: made.done }), progressStepMs);
  const figures = await made.run();
  clearInterval(timer);
  send({ type: 'report', figures });
}
