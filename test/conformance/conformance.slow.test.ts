/**
 * The official conformance suite: the fixture server passes, and the gateway in front of it fails nothing that passes
 * directly.
 */
import { expect, it, onTestFinished } from 'vitest';

import { runSuite } from '../../bench/reference/conformance/run-suite.ts';
import { startStack } from '../../bench/reference/conformance/stack.ts';

/** Passed checks that the gateway which is our reference has published for this revision. */
const leastPassed = 45;

it('passes directly and behind the gateway', { timeout: 400_000 }, async () => {
  const stack = await startStack();
  onTestFinished(() => stack.stop());
  const direct = await runSuite(stack.direct);
  expect(direct.flatMap(({ failures }) => failures)).toEqual([]);
  expect(direct.length).toBeGreaterThanOrEqual(30);
  const behind = await runSuite(stack.gateway);
  expect(behind.flatMap(({ failures }) => failures)).toEqual([]);
  expect(behind.map(({ scenario }) => scenario)).toEqual(direct.map(({ scenario }) => scenario));
  expect(behind.reduce((all, { passed }) => all + passed, 0)).toBeGreaterThan(leastPassed);
});
