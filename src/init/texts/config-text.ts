/**
 * The configuration that init writes: few cells, a tolerance, and why these.
 *
 * JavaScript where package.json does not say `"type": "module"`: Node.js would read TypeScript there as CommonJS, and a
 * compiler that takes every file would put it into the project's output.
 */
import { howFrameworkWrites } from '../contenders.ts';
import type { GateCells, Project } from '../project.ts';

export function configNameOf({ modules }: Pick<Project, 'modules'>): string {
  return modules === 'esm' ? 'wirebench.config.ts' : 'wirebench.config.mjs';
}

export function writeConfig(project: Pick<Project, 'framework'>, cells: GateCells): string {
  const isOwn = cells.items === undefined;
  return [
    '/**',
    ' * What `wirebench gate` watches in this project: few cells, since every one of them costs time in every pull request.',
    ' */',
    "import { defineConfig } from 'wirebench';",
    '',
    'export default defineConfig({',
    ...(isOwn ? [payloadsLine] : []),
    ...writeGate(project, cells),
    '});',
    '',
  ].join('\n');
}

/** What names the project's own responses. */
export const payloadsLine = "  payloads: ['bench/payloads'],";

/** The gate's part, as it stands in the configuration. */
export function writeGate({ framework }: Pick<Project, 'framework'>, cells: GateCells): string[] {
  const list = (values: readonly string[]): string => `[${values.map((value) => `'${value}'`).join(', ')}]`;
  return [
    '  gate: {',
    '    cells: [',
    '      {',
    "        suites: ['serialize'],",
    `        // ${howFrameworkWrites[framework]}`,
    `        contenders: ${list(cells.contenders)},`,
    `        payloads: ${list([cells.payload])},`,
    ...(cells.items === undefined ? [] : [`        items: [${cells.items.join(', ')}],`]),
    "        sinks: ['bytes'],",
    '      },',
    '    ],',
    '    tolerance: { time: 0.05 },',
    '  },',
  ];
}
