/**
 * A worker process on this machine: users, as many of each class as it is told, and a slice of what they did each second.
 *
 * Ends when its channel closes: it never outlives who started it.
 */
import { endWithParent, tellParent } from '../../process/parent.ts';
import { sliceMs, type WorkerCommand, type WorkerMessage } from '../messages.ts';
import { Swarm } from './swarm.ts';

endWithParent();
// Who presses Ctrl-C means the program that started this process, and that one ends it.
process.on('SIGINT', () => {});
let swarm: Swarm | undefined;
let slices: NodeJS.Timeout | undefined;
process.on('message', (command: WorkerCommand) => {
  if (command.type === 'job') {
    swarm = new Swarm(command.job);
    slices = setInterval(() => {
      if (swarm !== undefined) send({ type: 'slice', slice: swarm.takeSlice() });
    }, sliceMs);
  } else if (command.type === 'users') swarm?.setUsers(command.counts);
  else void stop(command.graceMs);
});
send({ type: 'ready' });

async function stop(graceMs: number): Promise<void> {
  const unanswered = (await swarm?.stop(graceMs)) ?? 0;
  clearInterval(slices);
  if (swarm !== undefined) send({ type: 'stopped', slice: swarm.takeSlice(), unanswered });
}

function send(message: WorkerMessage): void {
  tellParent(message);
}
