/**
 * Holds the direction of imports as a table, checks every import against it, and plants violations to prove it bites.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { readImports } from './imports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What every room may import: other rooms, and packages (`node:` modules only where `builtins` says so). */
interface Rule {
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  readonly builtins: 'none' | 'all' | readonly string[];
}

const anyPackage = ['*'];
const rules: Record<string, Rule> = {
  'src/model': { rooms: [], packages: [], builtins: 'none' },
  'src/model-schemas': { rooms: [], packages: [], builtins: 'none' },
  'src/foreign-text': { rooms: [], packages: [], builtins: 'none' },
  'src/user-error': { rooms: [], packages: ['fastest-levenshtein'], builtins: 'none' },
  'src/process': { rooms: ['src/user-error'], packages: ['execa'], builtins: 'all' },
  'src/own-files': { rooms: [], packages: [], builtins: 'all' },
  'src/index': { rooms: ['src/model', 'src/config'], packages: [], builtins: 'none' },
  'src/registry': {
    rooms: [
      'src/foreign-text',
      'src/model',
      'src/config',
      'src/own-files',
      'src/user-error',
      'src/corpus',
      'src/store/config-file',
      'src/store/journal-file',
    ],
    packages: [],
    builtins: 'all',
  },
  'src/config': { rooms: ['src/model'], packages: [], builtins: 'none' },
  'src/corpus': {
    rooms: ['src/foreign-text', 'src/model', 'src/user-error', 'src/own-files'],
    packages: ['ajv', 'ajv-formats', 'genson-js', 'pure-rand'],
    builtins: 'all',
  },
  'src/measure': {
    rooms: [
      'src/foreign-text',
      'src/model',
      'src/model-schemas',
      'src/user-error',
      'src/own-files',
      'src/process',
      'src/registry',
      'src/corpus',
    ],
    packages: ['ajv', 'execa', 'pure-rand', 'tinybench'],
    builtins: 'all',
  },
  'src/stats': { rooms: ['src/model'], packages: ['jstat'], builtins: 'none' },
  // Permutation tests need chance, which comes from a seed.
  'src/stats/change-points.ts': { rooms: ['src/stats'], packages: ['pure-rand'], builtins: 'none' },
  'src/compare': { rooms: ['src/model', 'src/stats'], packages: [], builtins: 'none' },
  'src/gate': {
    rooms: [
      'src/foreign-text',
      'src/model',
      'src/config',
      'src/user-error',
      'src/process',
      'src/registry',
      'src/measure',
      'src/stats',
      'src/compare',
      'src/gate/decision/decide',
    ],
    packages: ['ajv', 'execa', 'package-manager-detector', 'pure-rand'],
    builtins: 'all',
  },
  // The decision is a function of what was recorded and of nothing else.
  'src/gate/decision/decide.ts': { rooms: ['src/model', 'src/stats'], packages: [], builtins: 'none' },
  'src/choose': {
    rooms: [
      'src/foreign-text',
      'src/model',
      'src/user-error',
      'src/own-files',
      'src/process',
      'src/registry',
      'src/corpus',
      'src/measure',
      'src/stats',
      'src/compare',
      'src/choose/decide',
    ],
    packages: ['execa'],
    builtins: 'all',
  },
  // The recommendation is a function of what was measured and of nothing else.
  'src/choose/decide.ts': { rooms: ['src/model', 'src/stats', 'src/choose'], packages: [], builtins: 'none' },
  'src/report': {
    rooms: ['src/foreign-text', 'src/model', 'src/user-error', 'src/compare', 'src/report/formats', 'src/report/html'],
    packages: ['cli-table3'],
    builtins: ['node:util'],
  },
  // The HTML report's page: its security policy names hashes, and a library draws its charts.
  'src/report/html': {
    rooms: ['src/foreign-text', 'src/model', 'src/report'],
    packages: ['vega', 'vega-lite'],
    builtins: ['node:crypto'],
  },
  // The one module of report that touches a disk: it lists the formats.
  'src/report/formats.ts': { rooms: ['src/model', 'src/report', 'src/own-files'], packages: [], builtins: 'none' },
  'src/report/formats/junit.ts': {
    rooms: ['src/foreign-text', 'src/model', 'src/compare', 'src/report'],
    packages: ['junit-report-builder'],
    builtins: 'none',
  },
  'src/store': {
    rooms: ['src/foreign-text', 'src/model', 'src/model-schemas', 'src/user-error', 'src/process', 'src/config'],
    packages: ['ajv', 'ajv-formats', 'execa'],
    builtins: 'all',
  },
  'src/record': {
    rooms: [
      'src/foreign-text',
      'src/model',
      'src/user-error',
      'src/own-files',
      'src/process',
      'src/corpus',
      'src/store/write-file',
    ],
    packages: ['@modelcontextprotocol/sdk', 'execa'],
    builtins: 'all',
  },
  // Knows nothing of benchmarks: it is what they start as a process.
  'src/gateway': {
    rooms: ['src/foreign-text', 'src/model', 'src/user-error', 'src/own-files', 'src/corpus', 'packages/serializer'],
    packages: ['@modelcontextprotocol/sdk', 'ajv', 'ajv-formats', 'fast-json-stringify', 'fastify', 'jose', 'pg'],
    builtins: 'all',
  },
  // It starts the gateway as a process and never imports it; of measure only the order, the comparison and words for a death.
  'src/load': {
    rooms: [
      'src/model',
      'src/user-error',
      'src/own-files',
      'src/process',
      'src/stats',
      'src/compare',
      'src/measure/schedule',
      'src/measure/check',
      'src/measure/fork',
      'src/measure/profiles',
      'src/registry/tiers',
    ],
    packages: ['autocannon'],
    builtins: 'all',
  },
  'src/cli': {
    rooms: [
      'src/foreign-text',
      'src/model',
      'src/user-error',
      'src/own-files',
      'src/process',
      'src/registry',
      'src/corpus',
      'src/measure',
      'src/compare',
      'src/choose',
      'src/report',
      'src/store',
      'src/record',
      'src/config',
      'src/gate',
      'src/gateway',
      'src/load',
    ],
    packages: ['commander', 'cli-progress', 'execa', 'ms'],
    builtins: 'all',
  },
  'src/serializer': { rooms: ['packages/serializer'], packages: [], builtins: 'none' },
  // A product of its own: nothing of this project is imported, and of fastify only types.
  'packages/serializer': {
    rooms: [],
    packages: ['fastify'],
    builtins: ['node:crypto', 'node:http', 'node:stream', 'node:timers/promises', 'node:util'],
  },
  'bench/contenders': { rooms: ['src/model', 'packages/serializer'], packages: anyPackage, builtins: 'all' },
  'bench/claims': { rooms: ['src/model'], packages: [], builtins: 'none' },
  'bench/http': { rooms: ['src/model'], packages: [], builtins: 'none' },
  'bench/mutants': { rooms: ['src/model'], packages: [], builtins: 'none' },
  'bench/payloads': { rooms: ['src/model'], packages: [], builtins: 'none' },
  'bench/reference': {
    rooms: ['src/model', 'src/registry', 'src/corpus', 'src/measure', 'src/compare', 'packages/serializer'],
    packages: ['execa', 'mitata'],
    builtins: 'all',
  },
  'bench/suites': { rooms: ['src/model'], packages: [], builtins: 'none' },
};

/** Rooms in which a clock, chance or a console would make a result depend on more than the arguments. */
const pureRooms = ['src/model', 'src/stats', 'src/compare', 'src/report'];
const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bconsole\.|\bperformance\.now\(|\bprocess\./;

interface Source {
  readonly file: string;
  readonly text: string;
}

function listSources(): Source[] {
  return ['src', 'bench', 'packages/serializer/src'].flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') })),
  );
}

/** The longest key of `rules` that a path lies in. */
function roomOf(file: string): string | undefined {
  const withoutExtension = file.replace(/\.ts$/, '');
  return Object.keys(rules)
    .filter((room) => file === room || withoutExtension === room || file.startsWith(`${room}/`))
    .toSorted((a, b) => b.length - a.length)[0];
}

function checkImport(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return `${file} lies in no room`;
  const rule = rules[room] as Rule;
  if (specifier.startsWith('node:')) {
    const allowed = rule.builtins === 'all' || (rule.builtins !== 'none' && rule.builtins.includes(specifier));
    return allowed ? undefined : `${file} imports ${specifier}`;
  }
  if (specifier.startsWith('.')) {
    const target = path.join(path.dirname(file), specifier);
    const targetRoom = roomOf(target);
    const within = (name: string): boolean =>
      target.startsWith(`${name}/`) || target === `${name}.ts` || target === name;
    if (targetRoom === room || rule.rooms.some(within)) return undefined;
    return `${file} imports ${target}`;
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  return rule.packages.includes(name) || rule.packages === anyPackage ? undefined : `${file} imports ${name}`;
}

function findViolations(sources: readonly Source[]): string[] {
  return sources.flatMap(({ file, text }) =>
    readImports(file, text)
      .specifiers.map((specifier) => checkImport(file, specifier))
      .filter((problem) => problem !== undefined),
  );
}

const sources = listSources();

describe('the architecture', () => {
  it('has a room for every source file', () => {
    expect(sources.filter(({ file }) => roomOf(file) === undefined)).toEqual([]);
  });

  it('lets imports flow in one direction', () => {
    expect(findViolations(sources)).toEqual([]);
  });

  it('notices a planted violation of each kind', () => {
    const planted: [string, string][] = [
      ['src/stats/planted.ts', "import { runPlan } from '../measure/session.ts';"],
      ['src/compare/planted.ts', "import { readFileSync } from 'node:fs';"],
      ['src/report/planted.ts', "import { median } from '../stats/center.ts';"],
      ['src/measure/planted.ts', "export type { Run } from '../store/run-file.ts';"],
      ['src/store/planted.ts', "const cli = await import('../cli/main.ts');"],
      ['src/cli/planted.ts', "import { Bench } from 'tinybench';"],
      ['bench/payloads/planted.ts', "import { createGenerator } from '../../src/corpus/generator.ts';"],
      ['src/elsewhere/planted.ts', "import 'node:fs';"],
    ];
    for (const [file, text] of planted)
      expect({ file, found: findViolations([{ file, text }]).length }).toEqual({ file, found: 1 });
  });

  it('keeps clocks, chance, consoles and the process out of the pure rooms', () => {
    const breaches = (list: readonly Source[]) =>
      list
        .filter(({ file, text }) => pureRooms.some((room) => file.startsWith(room)) && impure.test(text))
        .map(({ file }) => file);
    expect(breaches(sources)).toEqual([]);
    expect(breaches([{ file: 'src/stats/planted.ts', text: 'const now = Date.now();' }])).toEqual([
      'src/stats/planted.ts',
    ]);
  });

  it('imports tinybench in one place', () => {
    const importers = sources
      .filter(({ file, text }) => readImports(file, text).specifiers.includes('tinybench'))
      .map(({ file }) => file);
    expect(importers).toEqual(['src/measure/worker/sampler.ts']);
  });

  it('has no drawer for everything', () => {
    const drawers = sources.filter(({ file }) => /(utils?|helpers?|misc|common|manager)\.ts$/i.test(file));
    expect(drawers).toEqual([]);
  });
});
