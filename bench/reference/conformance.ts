/**
 * The official conformance suite of MCP against the fixture server, asked directly and behind the gateway.
 *
 * `pnpm bench:conformance` shows the table of the recording; with `--record` it runs the suite first.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';

import { startStack } from './conformance/stack.ts';
import { revision, runSuite, type ScenarioResult, suiteVersion } from './conformance/run-suite.ts';
import { openRecording, tableOf } from './recording.ts';

interface Line {
  readonly suite: string;
  readonly direct: readonly ScenarioResult[];
  readonly gateway: readonly ScenarioResult[];
}

const { values } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    out: { type: 'string', default: path.join('results', 'conformance') },
  },
});
const recording = openRecording<Line>(values.out, 'scenarios.jsonl');

if (values.record) {
  const stack = await startStack();
  try {
    recording.append({
      suite: suiteVersion,
      direct: await runSuite(stack.direct),
      gateway: await runSuite(stack.gateway),
    });
  } finally {
    await stack.stop();
  }
}
recording.show(report(recording.read().at(-1)));

function report(line: Line | undefined): string {
  if (line === undefined) return 'Nothing is recorded yet: pnpm bench:conformance --record\n';
  const { suite, direct, gateway } = line;
  const rows = direct.map((one) => {
    const behind = gateway.find(({ scenario }) => scenario === one.scenario);
    return [one.scenario, describe(one), behind === undefined ? 'not run' : describe(behind)];
  });
  const sums = ['**all checks**', sum(direct), sum(gateway)];
  return [
    '# Conformance with MCP',
    '',
    `The official suite (@modelcontextprotocol/conformance ${suite}, revision ${revision}) against the fixture server that \`servers --kind everything\` starts, once asked directly and once behind the gateway. Passed checks of each scenario; a scenario without checks has nothing to say about these.`,
    '',
    tableOf(['scenario', 'directly', 'behind the gateway'], [...rows, sums]),
    '',
    'Made by `pnpm bench:conformance` from scenarios.jsonl.',
    '',
  ].join('\n');
}

function describe({ passed, failures }: ScenarioResult): string {
  return failures.length === 0 ? `${passed}` : `${passed}, failed: ${failures.join('; ')}`;
}

function sum(results: readonly ScenarioResult[]): string {
  const passed = results.reduce((all, one) => all + one.passed, 0);
  const failed = results.reduce((all, one) => all + one.failures.length, 0);
  return `${passed} passed, ${failed} failed`;
}
