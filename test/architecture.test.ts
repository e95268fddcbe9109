/**
 * Holds the architecture: each rule finds nothing in the sources and something in every violation that is planted.
 *
 * The rooms and what they may import stand in architecture/rooms.ts, the rules in architecture/rules.ts.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { expectedCodeMap, readCodeMap } from './architecture/code-map.ts';
import {
  commandLineUses,
  drawers,
  emptyRooms,
  filesWithoutRoom,
  forbiddenImports,
  importCircles,
  importsByOthers,
  impurities,
  longFiles,
  missingFiles,
  places,
  roomCircles,
} from './architecture/rules.ts';
import type { Source } from './architecture/sources.ts';
import { listSources, projectRoot, sourceOf, targetOf } from './architecture/sources.ts';

const sources = listSources();
const exists = (file: string): boolean => existsSync(path.join(projectRoot, file));
/** The command line, and the files that are started as processes or threads of their own, with what serves them. */
const programs = [
  'src/cli',
  'src/process/parent',
  ...sources.flatMap(({ file, siblings, urls }) =>
    [...siblings.map((name) => `${name}.ts`), ...urls].map((name) => targetOf(file, name)),
  ),
];

/** A rule, and texts of files that break it, each in one place. */
interface Rule {
  readonly name: string;
  readonly find: (list: readonly Source[]) => string[];
  readonly planted: readonly (readonly [file: string, text: string])[];
}

const rules: readonly Rule[] = [
  {
    name: 'every file lies in a room',
    find: filesWithoutRoom,
    planted: [
      ['src/elsewhere/planted.ts', ''],
      ['src/planted.ts', ''],
    ],
  },
  {
    name: 'a room imports what its entry allows',
    find: forbiddenImports,
    planted: [
      ['src/stats/planted.ts', "import { runPlan } from '../measure/session.ts';"],
      ['src/compare/planted.ts', "import { readFileSync } from 'node:fs';"],
      ['src/report/planted.ts', "import { median } from '../stats/center.ts';"],
      ['src/measure/planted.ts', "export type { Run } from '../store/run-file.ts';"],
      ['src/store/planted.ts', "const cli = await import('../cli/main.ts');"],
      ['src/store/planted.ts', "type Program = typeof import('../cli/main.ts');"],
      ['src/cli/planted.ts', "import { Bench } from 'tinybench';"],
      ['src/gate/decision/planted.ts', "export * from '../session/session.ts';"],
      ['src/gate/decision/planted.ts', "import { openSides } from '../sides/open-sides.ts';"],
      ['src/gate/decision/planted.ts', "import ajv from 'ajv';"],
      ['src/gate/planted.ts', "import { decide } from './decision/decide.ts';"],
      ['bench/payloads/planted.ts', "import { createGenerator } from '../../src/corpus/generator.ts';"],
      ['src/gateway/http/planted.ts', "import { sendAs } from '../responses/serializers.ts';"],
      ['src/gateway/store/planted.ts', "import { Problem } from '../http/errors.ts';"],
      ['src/gateway/store/planted.ts', "import { Pool } from 'pg';"],
      ['src/gateway/mcp/methods/planted.ts', "import type { Sessions } from '../sessions/sessions.ts';"],
      ['src/gateway/mcp/listing/planted.ts', "import type { FastifyReply } from 'fastify';"],
      ['src/measure/worker/planted.ts', "import { runPlan } from '../session.ts';"],
      ['src/measure/worker/planted.ts', "import { assembleCells } from '../../compare/assemble.ts';"],
      ['src/measure/worker/planted.ts', "import { UserError } from '../../user-error.ts';"],
      ['src/compare/planted.ts', "import type { Run } from '../run-file/layout.ts';"],
      ['src/store/write-file.ts', "import { readRun } from './run-file.ts';"],
      ['src/elsewhere/planted.ts', "import 'node:fs';"],
    ],
  },
  {
    name: 'a module with one importer has no other',
    find: importsByOthers,
    planted: [
      ['src/measure/planted.ts', "import { Bench } from 'tinybench';"],
      ['src/load/planted.ts', "import { execa } from 'execa';"],
      ['src/gate/planted.ts', "import { spawn } from 'node:child_process';"],
    ],
  },
  {
    name: 'what is named as a file beside another one is there',
    find: (list) => missingFiles(list, exists),
    planted: [
      ['src/measure/planted.ts', "const worker = new URL('no-such-worker.ts', import.meta.url);"],
      ['src/measure/planted.ts', "const worker = siblingModule('no-such-worker', import.meta.url);"],
    ],
  },
  {
    name: 'pure rooms read no clock, chance, console or process',
    find: impurities,
    planted: [
      ['src/stats/planted.ts', 'const now = Date.now();'],
      ['src/stats/planted.ts', 'const now = new Date();'],
      ['src/compare/planted.ts', 'const { random } = { random: Math.random };'],
      ['src/compare/planted.ts', "const clock = performance['now'];"],
      ['src/report/planted.ts', 'export const isTerminal = process.stdout.isTTY;'],
      ['src/gate/decision/planted.ts', 'export const told = [1].forEach(console.log);'],
    ],
  },
  {
    name: 'only the command line touches arguments, exit code and console',
    find: (list) => commandLineUses(list, programs),
    planted: [
      ['src/gate/planted.ts', 'process.exitCode = 1;'],
      ['src/load/planted.ts', 'console.error(1);'],
      ['src/measure/planted.ts', "const [first] = process['argv'];"],
    ],
  },
  {
    name: 'no file has more than 400 lines',
    find: longFiles,
    planted: [['src/gate/planted.ts', '\n'.repeat(401)]],
  },
  {
    name: 'no file is a drawer for everything',
    find: drawers,
    planted: [
      ['src/gate/utils.ts', ''],
      ['src/gate/string-helpers.ts', ''],
      ['src/common/text.ts', ''],
    ],
  },
];

describe.each(rules)('the architecture: $name', ({ find, planted }) => {
  it('holds', () => {
    expect(find(sources)).toEqual([]);
  });

  it.each(planted)('and is broken by %s with %j', (file, text) => {
    expect(find([sourceOf(file, text)])).toHaveLength(1);
  });
});

describe('the architecture', () => {
  it('has no circle of imports between files', () => {
    expect(importCircles(sources)).toEqual([]);
    const planted = [
      sourceOf('src/gate/a.ts', "import type { B } from './b.ts';"),
      sourceOf('src/gate/b.ts', "export { c } from './sides/c.ts';"),
      sourceOf('src/gate/sides/c.ts', "import { a } from '../a.ts';"),
      sourceOf('src/gate/d.ts', "import { a } from './a.ts';"),
    ];
    expect(importCircles(planted)).toEqual([
      'src/gate/a.ts -> src/gate/b.ts -> src/gate/sides/c.ts -> src/gate/a.ts is a circle',
    ]);
  });

  it('allows no circle between rooms', () => {
    expect(roomCircles()).toEqual([]);
    const planted = [
      { path: 'src/a', house: 'src/a', inside: ['upper'], rooms: ['src/b'] },
      { path: 'src/a/upper', house: 'src/a', inside: ['.'], rooms: [] },
      { path: 'src/b', house: 'src/b', inside: [], rooms: [] },
    ];
    expect(roomCircles(planted)).toEqual(['src/a -> src/a/upper -> src/a is a circle']);
  });

  it('keeps every inner room from those of its house that it may not import', () => {
    for (const place of places) {
      for (const other of places.filter(({ house }) => house === place.house)) {
        const isAllowed = other === place || place.inside.includes(other.name);
        const specifier = `./${path.posix.relative(place.path, `${other.path}/planted-too.ts`)}`;
        const found = forbiddenImports([sourceOf(`${place.path}/planted.ts`, `import '${specifier}';`)]);
        expect({ from: place.path, to: other.path, found: found.length }).toEqual({
          from: place.path,
          to: other.path,
          found: isAllowed ? 0 : 1,
        });
      }
    }
  });

  it('has no room without a file', () => {
    expect(emptyRooms(sources)).toEqual([]);
  });

  it('is the one that ARCHITECTURE.md describes', () => {
    expect(readCodeMap()).toEqual(expectedCodeMap());
  });
});
