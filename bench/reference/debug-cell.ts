/**
 * Starts the worker of one cell under a debugger: the very process that a run would start, waiting at its first line.
 *
 * `pnpm debug:cell --contender fast-json-stringify` plans that cell, starts its worker with `--inspect-brk` and prints
 * what it answered. Attach with `node inspect 127.0.0.1:9229`, chrome://inspect or an editor. Times taken under a
 * debugger mean nothing, so none is kept.
 */
import { parseArgs } from 'node:util';

import { planRun } from '../../src/measure/plan.ts';
import { currentRuntime } from '../../src/measure/runtimes.ts';
import { runPlan } from '../../src/measure/session.ts';
import type { Sink, Variant } from '../../src/model/values.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

const { values } = parseArgs({
  options: {
    suite: { type: 'string', default: 'serialize' },
    contender: { type: 'string', default: 'json-stringify' },
    payload: { type: 'string', default: 'tools' },
    items: { type: 'string', default: '100' },
    variant: { type: 'string', default: 'native' },
    sink: { type: 'string', default: 'bytes' },
    port: { type: 'string', default: '9229' },
  },
});

const registry = await loadRegistry();
const plan = planRun({
  registry,
  profile: 'quick',
  selection: {
    suites: [values.suite],
    contenders: [values.contender],
    payloads: [values.payload],
    items: [Number(values.items)],
    variants: [values.variant as Variant],
    sinks: [values.sink as Sink],
  },
  seed: 1,
  forks: 1,
});
// A plan has the reference as well; one process is enough for one debugger.
const cells = plan.cells.filter(({ contender }) => contender.id === values.contender);
const runtime = currentRuntime();

process.stderr.write(`waiting for a debugger: node inspect 127.0.0.1:${values.port}\n`);
const session = runPlan({
  plan: { ...plan, cells, twins: new Set() },
  signal: new AbortController().signal,
  now: () => performance.now(),
  // Somebody is thinking: a day.
  timeLimitMs: 24 * 60 * 60 * 1000,
  runtime: { ...runtime, arguments: [...runtime.arguments, `--inspect-brk=127.0.0.1:${values.port}`] },
});
for await (const event of session) {
  if (event.type === 'outcome') process.stdout.write(`${JSON.stringify(event.outcome, undefined, 2)}\n`);
}
