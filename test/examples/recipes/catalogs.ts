/**
 * What the recipes are asked for while they are tested: lists that are short, long, or cannot be written.
 *
 * Shared by the test and by the process of the recipes, so that both have the same values.
 */
import type { Tool } from '../../../examples/recipes/tools.ts';
import { Uuid } from '../../../src/corpus/uuid.ts';

/** Some 15 MB, which is more than sockets take on Linux, so that the rest waits for a reader. */
const longest = makeTools(3000).map((tool, index) => ({ ...tool, description: `${index}`.padStart(5000) }));

export const catalogs = {
  short: makeTools(20),
  /** Twice as long as what is sent whole. */
  long: makeTools(2000),
  longest,
  /** Other bytes of the same length, which fit into the same memory. */
  longestReversed: longest.toReversed(),
  brokenAtFirst: [breakTool(), ...makeTools(2000)],
  brokenAtLast: [...makeTools(2000), breakTool()],
} satisfies Record<string, Tool[]>;

export type CatalogName = keyof typeof catalogs;

/** With Dates, UUIDs as text and as objects, and characters of several scripts. */
function makeTools(count: number): Tool[] {
  return Array.from({ length: count }, (_value, index) => ({
    id: makeId(index),
    name: `get_"forecast"\n${index}`,
    description: index % 5 === 0 ? null : 'Wetter für Zürich, 天気予報 🌦️, "quoted" \\ and\ttabbed',
    createdAt: new Date(Date.UTC(2024, 1, 29) + index * 86_399_999),
    inputSchema: { type: 'object', properties: { city: { type: 'string' }, days: { maximum: index } } },
  }));
}

/** Every second one is an object, as drivers of binary columns give them. */
function makeId(index: number): string {
  const text = `${index.toString(16).padStart(8, '0')}-7c35-4a0e-9d3f-2f1f6f0f8f11`;
  return index % 2 === 0 ? text : (Uuid.parse(text) as unknown as string);
}

/** Cannot be read, as an entity whose connection to the database has gone. */
function breakTool(): Tool {
  const [tool] = makeTools(1) as [Tool];
  return Object.defineProperty(tool, 'name', {
    enumerable: true,
    get() {
      throw new Error('this tool cannot be read');
    },
  });
}
