/**
 * Carries out the steps of action.yml as a runner of GitHub does, as far as this action goes: scripts in bash with the
 * files and variables of a job, expressions and conditions by GitHub's own evaluator.
 *
 * Steps that use another action are noted with their inputs and not carried out.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax, "runs for composite actions"
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { execa } from 'execa';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly 'continue-on-error'?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

export interface StepResult {
  readonly name: string;
  readonly outcome: 'success' | 'failure' | 'skipped';
  readonly exitCode: number | undefined;
  /** Both streams, as a job's log has them. */
  readonly log: string;
  /** What a step that is not carried out would get. */
  readonly with: Readonly<Record<string, string>>;
}

export interface ActionResult {
  readonly outcome: 'success' | 'failure';
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly steps: Readonly<Record<string, StepResult>>;
}

const action = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')) as Action;

type Contexts = Readonly<Record<string, unknown>>;

/**
 * @param request.inputs as a workflow gives them under `with`.
 * @param request.github the context of that name.
 * @param request.env of the whole job, PATH included; nothing else is passed on.
 * @param request.runnerTemp emptied by nobody, as long as the job lasts.
 */
export async function runAction({
  inputs,
  github,
  env,
  workspace,
  runnerTemp,
}: {
  inputs: Readonly<Record<string, string>>;
  github: object;
  env: Readonly<Record<string, string>>;
  workspace: string;
  runnerTemp: string;
}): Promise<ActionResult> {
  const commands = path.join(runnerTemp, '_runner_file_commands');
  mkdirSync(commands, { recursive: true });
  const fileOf = (name: string): string => path.join(commands, name);
  writeFileSync(fileOf('summary'), '');
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  const contexts = {
    github,
    steps,
    inputs: Object.fromEntries(
      Object.entries(action.inputs).map(([name, { default: text }]) => [
        name,
        inputs[name] ?? interpolate(text, { github }),
      ]),
    ),
  };
  const results: Record<string, StepResult> = {};
  let hasFailed = false;
  for (const step of action.runs.steps) {
    const { name, uses, run = '' } = step;
    if (!holds(step.if ?? 'success()', contexts, hasFailed)) {
      results[name] = { name, outcome: 'skipped', exitCode: undefined, log: '', with: {} };
      continue;
    }
    const given = interpolateAll(step.with, contexts);
    if (uses !== undefined) {
      results[name] = { name, outcome: 'success', exitCode: undefined, log: '', with: given };
      continue;
    }
    const [script, output] = [fileOf('script.sh'), fileOf('output')];
    writeFileSync(script, run);
    writeFileSync(output, '');
    const { exitCode, all } = await execa('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
      cwd: workspace,
      env: {
        ...env,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: fileOf('summary'),
        RUNNER_TEMP: runnerTemp,
        ...interpolateAll(step.env, contexts),
      },
      extendEnv: false,
      all: true,
      reject: false,
      stdin: 'ignore',
    });
    const outcome = exitCode === 0 ? 'success' : 'failure';
    results[name] = { name, outcome, exitCode, log: all, with: given };
    if (step.id !== undefined) steps[step.id] = { outputs: readOutputs(output) };
    if (outcome === 'failure' && step['continue-on-error'] !== true) hasFailed = true;
  }
  const values = Object.entries(action.outputs).map(([name, { value }]) => [name, value] as const);
  return {
    outcome: hasFailed ? 'failure' : 'success',
    outputs: interpolateAll(Object.fromEntries(values), contexts),
    summary: readFileSync(fileOf('summary'), 'utf8'),
    steps: results,
  };
}

function interpolateAll(texts: Readonly<Record<string, string>> = {}, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, interpolate(text, contexts)]));
}

function interpolate(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_all, expression: string) =>
    evaluate(expression, { contexts, hasFailed: false }).coerceString(),
  );
}

const statusFunctions = ['always', 'success', 'failure'] as const;

function holds(condition: string, contexts: Contexts, hasFailed: boolean): boolean {
  // Without a function that asks for the job's state, GitHub asks for success first.
  const isAsked = new RegExp(`\\b(?:${statusFunctions.join('|')})\\(\\)`).test(condition);
  const whole = isAsked ? condition : `success() && (${condition})`;
  const result = evaluate(whole, { contexts, hasFailed });
  return result instanceof data.BooleanData && result.value;
}

function evaluate(
  expression: string,
  { contexts, hasFailed }: { contexts: Contexts; hasFailed: boolean },
): data.ExpressionData {
  const states: Readonly<Record<string, boolean>> = { always: true, success: !hasFailed, failure: hasFailed };
  const functions = statusFunctions.map((name) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(states[name] === true),
  }));
  const { tokens } = new Lexer(expression.trim()).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return new Evaluator(parsed, known, new Map(functions.map((each) => [each.name, each]))).evaluate();
}

function readOutputs(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return Object.fromEntries(
    lines
      .filter((line) => line.includes('='))
      .map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
  ) as Record<string, string>;
}
