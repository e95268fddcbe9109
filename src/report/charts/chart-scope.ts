/**
 * What every builder of charts has at hand, and which cells of a suite are drawn.
 *
 * The rules are the tables' own: nothing incorrect or untimed is drawn, and what stands apart is not mixed in; who is
 * left out is named.
 */
import { groupBy, isTimed, type TimedCell } from '../../compare/cells.ts';
import type { Cell, MicroCell } from '../../model/cell.ts';
import { type Metadata, standsApart, type SuiteOutline } from '../catalog.ts';
import type { Chart } from '../document.ts';
import { formatList } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';

/** One suite of a run, as a builder gets it. */
export interface ChartScope {
  /** Of one suite, in the order of the plan. */
  readonly cells: readonly MicroCell[];
  readonly outline: SuiteOutline;
  readonly metadata: Metadata;
  /** Of every contender of the run; see assignSlots. */
  readonly slots: ReadonlyMap<string, number>;
}

/** A chart with the cell that its place in the report depends on. */
export interface PlacedChart {
  readonly chart: Chart;
  readonly cell: MicroCell;
}

/**
 * A colour and shape for every contender, the same in all charts of a run and as few as possible.
 * @param cells of a run, those over HTTP included; @returns numbers from 0 by contender; within one suite no number
 * stands for two.
 */
export function assignSlots(cells: readonly Cell[]): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  for (const suite of groupBy(cells, ({ id }) => id.suite).values()) {
    const contenders = new Set(suite.map(({ id }) => id.contender));
    const taken = new Set([...contenders].flatMap((contender) => slots.get(contender) ?? []));
    for (const contender of contenders) {
      if (slots.has(contender)) continue;
      let slot = 0;
      while (taken.has(slot)) slot += 1;
      slots.set(contender, slot);
      taken.add(slot);
    }
  }
  return slots;
}

/** Timed cells of contenders that do the whole work every time. */
export function drawableCells(cells: readonly MicroCell[], metadata: Metadata): TimedCell[] {
  return cells.filter(isTimed).filter(({ id }) => !standsApart(metadata, id.contender));
}

/** What a series has to say of its contender. */
export function seriesOf(contender: string, { slots }: ChartScope): { name: string; contender: string; slot?: number } {
  const slot = slots.get(contender);
  return { name: contender, contender, ...(slot === undefined ? {} : { slot }) };
}

/**
 * Who has no place in a picture, and why, as a sentence that begins with a space; empty where everybody has one.
 * @param cells those that the picture is about, drawn or not. @param who.metadata says who stands apart; nobody does
 * where left out. @param who.nameOf what contenders are called; by their ids where left out.
 */
export function tellLeftOut(
  cells: readonly Cell[],
  { metadata, nameOf = showText }: { metadata?: Metadata; nameOf?: (contender: string) => string },
): string {
  const out = [...groupBy(cells, ({ id }) => id.contender)].flatMap(([contender, own]): string[] => {
    if (metadata !== undefined && standsApart(metadata, contender)) return [`${nameOf(contender)} (not the same work)`];
    const missing = own.filter(({ status }) => status !== 'ok');
    if (missing.length === 0) return [];
    const reasons = formatList([...new Set(missing.map(({ status }) => status))]);
    return [`${nameOf(contender)} (${reasons}${missing.length < own.length ? ' in part' : ''})`];
  });
  return out.length === 0 ? '' : ` Not drawn: ${out.join(', ')}.`;
}

/**
 * `812 ns (a)` of one, `from 812 ns (a) to 3.10 µs (b)` of several, empty of none. @param order the first and the last
 * are told.
 */
export function tellRange<T>(order: readonly T[], tell: (one: T) => string): string {
  const [first, last] = [order[0], order.at(-1)];
  if (first === undefined || last === undefined) return '';
  return first === last ? tell(first) : `from ${tell(first)} to ${tell(last)}`;
}

/** Kebab-case from ids that may hold anything: what is no letter or digit of ASCII is written as its code. */
export function nameChart(parts: readonly (string | number)[]): string {
  const words = parts.map((part) =>
    String(part)
      .toWellFormed()
      .replaceAll(/[^a-z0-9-]/gu, (character) => `-x${character.codePointAt(0)?.toString(16)}-`),
  );
  return words.join('-').replaceAll(/-{2,}/g, '-').replace(/-$/, '');
}

/** Equal for cells of one table: payload, variant and sink. */
export function tableKey({ id }: MicroCell): string {
  return JSON.stringify([id.payload, id.variant, id.sink]);
}
