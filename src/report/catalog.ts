/**
 * Names and flags of what a run file mentions, with ids standing in for what the registry does not know.
 *
 * A run file outlives the modules it was made with, so nothing here may fail on a name.
 */
import { isCrownable } from '../compare/findings.ts';
import type { Registered } from '../model/bench-module.ts';
import { encodedSizesOf, speedupOf } from '../compare/cells.ts';
import type { MicroCell } from '../model/cell.ts';
import type { Capability, Contender } from '../model/contender.ts';
import type { Payload } from '../model/payload.ts';
import type { Suite } from '../model/suite.ts';
import type { Sink, Variant } from '../model/values.ts';
import type { ClaimSet } from '../model/claims.ts';
import type { DocumentContender } from './document.ts';

/** What a report has to know of bench/: the registry fits as it is. */
export interface Metadata {
  readonly contenders: readonly Registered<Contender>[];
  readonly payloads: readonly Registered<Payload>[];
  readonly suites: readonly Registered<Suite>[];
  /** What others state about contenders; absent where there is nothing of the kind. */
  readonly claims?: readonly ClaimSet[];
}

/** The short mark of a capability and what it means, in the order of the legend. */
const marks: Readonly<Record<Capability, readonly [string, string]>> = {
  'needs-schema': ['s', 'needs a schema'],
  'compiles-schema': ['c', 'compiles its schema to code, so the schema must be trusted'],
  'drops-unknown-fields': ['d', 'drops fields that its schema does not name'],
  'skips-escaping-checks': ['e', 'skips escaping checks'],
  lossy: ['l', 'loses part of the value'],
  binary: ['b', 'binary: both ends must agree on it'],
  envelope: ['w', 'wraps the value, so clients must unwrap it'],
  'leaves-text': ['t', 'leaves datetimes and UUIDs as text'],
  'sorts-keys': ['k', 'sorts keys'],
  partial: ['p', 'does only part of the work'],
  memoizes: ['m', 'remembers earlier results'],
  'native-code': ['n', 'native code'],
  'in-python': ['y', 'runs in python3, so no Node.js process can choose it'],
};

/** `sd` for a contender that needs a schema and drops fields; `?` for one that the registry does not know. */
export function flagsOf(metadata: Metadata, contender: string): string {
  const known = metadata.contenders.find(({ id }) => id === contender);
  if (known === undefined) return '?';
  return known.capabilities.map((capability) => marks[capability][0]).join('');
}

/** The given contenders with their flags, for readers who filter by them. */
export function listContenders(metadata: Metadata, contenders: Iterable<string>): DocumentContender[] {
  return [...new Set(contenders)].map((id) => ({
    id,
    flags: (metadata.contenders.find((known) => known.id === id)?.capabilities ?? []).map((capability) => {
      const [mark, meaning] = marks[capability];
      return { mark, meaning };
    }),
  }));
}

/** Meaning of the flags that the given contenders have, one line each; empty where none has any. */
export function flagLegend(metadata: Metadata, contenders: Iterable<string>): string[] {
  const used = new Set([...contenders].flatMap((id) => flagsOf(metadata, id).split('')));
  const known = Object.values(marks)
    .filter(([mark]) => used.has(mark))
    .map(([mark, meaning]) => `${mark}  ${meaning}`);
  return used.has('?') ? [...known, '?  not in the registry any more: its flags are unknown'] : known;
}

/** Whether a contender's rows belong to a table of their own, since it does not do the whole work every time. */
export function standsApart(metadata: Metadata, contender: string): boolean {
  const known = metadata.contenders.find(({ id }) => id === contender);
  return known !== undefined && !isCrownable(known.capabilities);
}

/** `tools: GET /tools`, or the id alone. */
export function describePayload(metadata: Metadata, payload: string): string {
  const title = metadata.payloads.find(({ id }) => id === payload)?.title;
  return title === undefined || title === payload ? payload : `${payload}: ${title}`;
}

/** What a table's caption calls one variant and sink. */
export function describeForm({ variant, sink }: { readonly variant: Variant; readonly sink: Sink }): string {
  return `${variant} variant, ${sink}`;
}

/** A suite as the registry has it, or what its cells give away about it. */
export interface SuiteOutline {
  readonly id: string;
  readonly title: string;
  readonly question: string | undefined;
  readonly method: Suite['method'];
  readonly layout: 'by-size' | 'by-representation';
  readonly reference: string | undefined;
}

/**
 * @param cells of that suite, length >= 1; they stand in where the registry does not know the suite.
 */
export function outlineSuite(metadata: Metadata, cells: readonly [MicroCell, ...MicroCell[]]): SuiteOutline {
  const id = cells[0].id.suite;
  const known = metadata.suites.find((suite) => suite.id === id);
  if (known !== undefined) {
    const layout = known.method === 'latency' ? known.layout : 'by-size';
    const { title, question, method, reference } = known;
    return { id, title, question, method, layout, reference };
  }
  const [reference] = cells.flatMap((cell) => speedupOf(cell)?.reference ?? []);
  return { id, title: id, question: undefined, method: methodOf(cells), layout: 'by-size', reference };
}

function methodOf(cells: readonly MicroCell[]): Suite['method'] {
  if (cells.some(({ observations }) => observations !== undefined)) return 'observation';
  return cells.some((cell) => encodedSizesOf(cell) !== undefined) ? 'size' : 'latency';
}

/** What tells a cell from others of its family: the payload, with its variant and sink where these differ. */
export function nameRepresentation({ id }: MicroCell, family: readonly MicroCell[]): string {
  const own = family.filter((other) => other.id.payload === id.payload);
  const variants = own.some((other) => other.id.variant !== id.variant) ? ` (${id.variant})` : '';
  const sinks = own.some((other) => other.id.sink !== id.sink) ? ` as ${id.sink}` : '';
  return id.payload + variants + sinks;
}
