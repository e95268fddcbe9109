/**
 * What `wirebench init` knows of a project: facts that were found out, and what becomes of its files, both as data.
 *
 * detect-project.ts finds the facts, plan-files.ts makes the changes of them, write-files.ts carries them out.
 */

import type { JsonSchema } from '../model/values.ts';

export type Framework = 'fastify' | 'express' | 'hono' | 'nestjs' | 'node:http';

export interface PackageManager {
  /** npm, pnpm, yarn, bun, or one that init knows nothing more of. */
  readonly name: string;
  /** True for yarn 2 and later, which is another program than yarn 1. */
  readonly isBerry: boolean;
  /** Exact, where the project or the running manager says it. */
  readonly version: string | undefined;
}

export interface Project {
  readonly name: string | undefined;
  readonly framework: Framework;
  /** Contenders of wirebench's own whose packages the project depends on, sorted. */
  readonly serializers: readonly string[];
  readonly packageManager: PackageManager;
  readonly node: {
    /** What the project asks for and where it says so; absent where it says nothing. */
    readonly asked?: { readonly range: string; readonly from: string };
    /** What the workflow installs: a version that wirebench runs on. */
    readonly workflow: string;
    /** False where the project asks for one that wirebench does not run on. */
    readonly isAsked: boolean;
  };
  readonly modules: 'esm' | 'cjs';
  readonly repository: {
    /** From the project's directory to the top level, with slashes: empty, or `../` for each level. */
    readonly up: string;
    /** From the top level to the project's directory, with slashes; empty where they are the same. */
    readonly prefix: string;
    readonly mainBranch: string;
    /** False where the gate has to be told the branch. */
    readonly isMainFound: boolean;
  };
  /** Workflows of the repository that call the gate already, by their files' names, without the one that init writes. */
  readonly gateWorkflows: readonly string[];
  readonly workspace: 'none' | 'root' | 'member';
  readonly wirebench: {
    /** The range in the project's package.json, or in that of the workspace's root. */
    readonly declared: string | undefined;
    /** True where the configuration can import it. */
    readonly isInstalled: boolean;
  };
  /** True where packages lie in archives instead of node_modules, as yarn does unless it is told otherwise. */
  readonly hasNoNodeModules: boolean;
  /** True where the project's TypeScript compiler takes every file below its directory. */
  readonly compilesEverything: boolean;
}

/** A response of the project's own. */
export interface OwnSample {
  /** Kebab-case: the file's name and the payload's id. */
  readonly name: string;
  /** Where it came from, for a reader. */
  readonly described: string;
  readonly value: unknown;
  /** Which of its strings are Dates and UUIDs in memory, where the user says so: its schema, with formats there alone. */
  readonly nativeSchema?: JsonSchema;
}

/** What becomes of one file, whose path is relative to the project's directory, with slashes. */
export type FilePlan =
  | { readonly action: 'create'; readonly path: string; readonly text: string }
  | { readonly action: 'change'; readonly path: string; readonly before: string; readonly text: string }
  /** As it is to be. */
  | { readonly action: 'same'; readonly path: string }
  /** Somebody's own: what is left to do by hand; nothing, where it has what is needed. */
  | { readonly action: 'leave'; readonly path: string; readonly byHand?: string };

export interface InitPlan {
  readonly files: readonly FilePlan[];
  /** What a reader should know or do; sentences with their full stop. */
  readonly notes: readonly string[];
  /** Cells of the gate, for the first baseline. */
  readonly cells: GateCells;
}

export interface GateCells {
  readonly contenders: readonly string[];
  readonly payload: string;
  /** Absent for a payload of one size. */
  readonly items?: readonly number[];
}
