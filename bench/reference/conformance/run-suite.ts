/**
 * The official conformance suite of MCP against a server: what each scenario found.
 *
 * Source: the package @modelcontextprotocol/conformance, its requirements of revision 2025-11-25.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { runToEnd } from '../../../src/process/child.ts';
import { makeScratchDirectory } from '../../../src/process/scratch-directory.ts';

/** What the suite tests against. */
export const revision = '2025-11-25';

export interface ScenarioResult {
  readonly scenario: string;
  readonly passed: number;
  /** What each failed check says. */
  readonly failures: readonly string[];
}

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED';
  readonly errorMessage?: string;
}

const own = createRequire(import.meta.url);
const program = path.join(path.dirname(own.resolve('@modelcontextprotocol/conformance/package.json')), 'dist/index.js');
/** Many times what it takes. */
const limitMs = 180_000;

/** The version of the suite. */
export const suiteVersion: string = (own('@modelcontextprotocol/conformance/package.json') as { version: string })
  .version;

/** @param url of the MCP endpoint. @returns scenarios by name. */
export async function runSuite(url: string): Promise<ScenarioResult[]> {
  const scratch = makeScratchDirectory({ purpose: 'conformance' });
  const out = path.join(scratch.path, 'out');
  try {
    // It ends with another code where something failed, which its files say better.
    await runToEnd({
      command: [process.execPath, program, 'server', '--url', url, '--requirements', revision, '-o', out],
      env: process.env,
      timeLimitMs: limitMs,
    });
    return readdirSync(out)
      .toSorted()
      .map((directory) => readScenario(path.join(out, directory), directory));
  } finally {
    scratch.remove();
  }
}

function readScenario(directory: string, name: string): ScenarioResult {
  const checks = JSON.parse(readFileSync(path.join(directory, 'checks.json'), 'utf8')) as Check[];
  return {
    // Directories are called server-NAME-TIME.
    scenario: name.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, ''),
    passed: checks.filter(({ status }) => status === 'SUCCESS').length,
    failures: checks
      .filter(({ status }) => status === 'FAILURE')
      .map(({ id, errorMessage }) => `${id}: ${errorMessage ?? ''}`),
  };
}
