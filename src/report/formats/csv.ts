/**
 * Figures as CSV: one line a cell of the runs with every metric in base units, or one line a table cell of any other document.
 * Runs over HTTP have columns of their own.
 *
 * Quoted as RFC 4180 asks, and fit for a spreadsheet: text that one would calculate is shown to it as text. Columns are
 * named like the fields of run.json. Deliberately absent: prose, forks, rounds, and scaling.
 */
import type { Cell, EncodedSize } from '../../model/cell.ts';
import type { HttpCell, HttpMetricName } from '../../model/http.ts';
import type { Block, Document, Table } from '../document.ts';
import type { Format, RenderOptions } from '../format.ts';
import type { NamedRun } from '../named-run.ts';
import { httpMetricLooks } from '../http/http-figures.ts';
import { requireOneKind } from '../run/run-cells.ts';
import { showLines, showText } from '../../foreign-text.ts';

export default {
  extension: 'csv',
  render(document: Document, { runs }: Pick<RenderOptions, 'runs'> = {}) {
    if (runs === undefined) return [tableHeader, ...linesOf(document.blocks, '')].map(join).join('');
    const lines =
      requireOneKind(runs, 'csv') === 'http'
        ? [
            Object.keys(httpColumns),
            ...runs.flatMap((run) => (run.run.http?.cells ?? []).map((cell) => lineOf(httpColumns, cell, run))),
          ]
        : [Object.keys(columns), ...runs.flatMap((run) => run.run.cells.map((cell) => lineOf(columns, cell, run)))];
    return lines.map(join).join('');
  },
} satisfies Format;

const tableHeader = ['section', 'table', 'group', 'row', 'column', 'text', 'value'];

/** How each column of a table of cells is read; a figure that a cell lacks leaves its field empty. */
type Columns<T> = Readonly<Record<string, (cell: T, run: NamedRun) => Field>>;

const columns: Columns<Cell> = {
  run: (_cell, { name }) => name,
  suite: ({ suite }) => suite,
  contender: ({ contender }) => contender,
  payload: ({ payload }) => payload,
  items: ({ items }) => items,
  variant: ({ variant }) => variant,
  sink: ({ sink }) => sink,
  status: ({ status }) => status,
  reason: ({ reason }) => reason,
  latencyNs: ({ latencyNs }) => latencyNs?.median,
  latencyNsLo: ({ latencyNs }) => latencyNs?.lo,
  latencyNsHi: ({ latencyNs }) => latencyNs?.hi,
  latencyConfidence: ({ latencyNs }) => latencyNs?.confidence,
  reference: ({ speedup }) => speedup?.reference,
  speedup: ({ speedup }) => speedup?.ratio,
  speedupLo: ({ speedup }) => speedup?.lo,
  speedupHi: ({ speedup }) => speedup?.hi,
  speedupConfidence: ({ speedup }) => speedup?.confidence,
  outputBytes: ({ outputBytes }) => outputBytes,
  throughputBytesPerSec: ({ throughputBytesPerSec }) => throughputBytesPerSec,
  allocatedBytesPerOp: ({ allocatedBytesPerOp }) => allocatedBytesPerOp,
  gcTimeShare: ({ gcTimeShare }) => gcTimeShare,
  peakBlockNs: ({ peakBlockNs }) => peakBlockNs,
  compileNs: ({ compileNs }) => compileNs,
  ...encodedColumns('gzip'),
  ...encodedColumns('br'),
  ...encodedColumns('zstd'),
  forkCount: ({ forks }) => forks.length,
  observations: ({ observations }) =>
    observations && JSON.stringify(observations.map(({ input, outcome }) => [input, outcome])),
  warnings: ({ warnings }) => warnings.join('; '),
};

function encodedColumns(encoding: EncodedSize['encoding']): Record<string, (cell: Cell) => number | undefined> {
  const find = ({ encoded }: Cell): EncodedSize | undefined => encoded?.find((size) => size.encoding === encoding);
  return {
    [`${encoding}Level`]: (cell) => find(cell)?.level,
    [`${encoding}SizeBytes`]: (cell) => find(cell)?.sizeBytes,
    [`${encoding}LatencyNs`]: (cell) => find(cell)?.latencyNs,
  };
}

const httpColumns: Columns<HttpCell> = {
  run: (_cell, { name }) => name,
  suite: ({ suite }) => suite,
  scenario: ({ scenario }) => scenario,
  loadKind: ({ load }) => load.kind,
  connections: ({ load }) => load.connections,
  requestsPerSecAsked: ({ load }) => (load.kind === 'open' ? load.requestsPerSec : undefined),
  items: ({ items }) => items,
  contender: ({ contender }) => contender,
  status: ({ status }) => status,
  reason: ({ reason }) => reason,
  ...(Object.assign({}, ...httpMetricLooks.map(({ name }) => metricColumns(name))) as Columns<HttpCell>),
  rounds: ({ rounds }) => rounds.length,
  failures: ({ failures }) =>
    Object.entries(failures)
      .map(([kind, count]) => `${kind}: ${count}`)
      .join('; '),
  warnings: ({ warnings }) => warnings.join('; '),
};

function metricColumns(name: HttpMetricName): Columns<HttpCell> {
  return {
    [name]: ({ metrics }) => metrics[name]?.median,
    [`${name}Lo`]: ({ metrics }) => metrics[name]?.lo,
    [`${name}Hi`]: ({ metrics }) => metrics[name]?.hi,
    [`${name}Ratio`]: ({ metrics }) => metrics[name]?.ratio?.ratio,
    [`${name}RatioLo`]: ({ metrics }) => metrics[name]?.ratio?.lo,
    [`${name}RatioHi`]: ({ metrics }) => metrics[name]?.ratio?.hi,
  };
}

function lineOf<T>(table: Columns<T>, cell: T, run: NamedRun): Field[] {
  return Object.values(table).map((read) => {
    const value = read(cell, run);
    // A cell stays one line whatever a contender's message holds.
    return typeof value === 'string' ? showText(value) : value;
  });
}

function linesOf(blocks: readonly Block[], section: string): Field[][] {
  return blocks.flatMap((block) => {
    if (block.kind === 'section') return linesOf(block.blocks, [section, block.title].filter(Boolean).join(' / '));
    if (block.kind === 'details') return linesOf(block.blocks, section);
    return block.kind === 'table' ? tableLines(block, section) : [];
  });
}

/** The first column names the row. */
function tableLines({ caption, columns: titles, groups }: Table, section: string): Field[][] {
  return groups.flatMap(({ label, rows }) =>
    rows.flatMap(([name, ...cells]) => {
      return cells.map(({ text, value }, index) => [
        section,
        caption ?? '',
        label?.text ?? '',
        name?.text ?? '',
        titles[index + 1]?.title ?? '',
        text,
        value,
      ]);
    }),
  );
}

type Field = string | number | undefined;

/** Shown as in every format for people, since that is who reads a spreadsheet; its `\n` stay, in quotes. */
function join(fields: readonly Field[]): string {
  return `${fields.map((field) => (typeof field === 'string' ? quote(disarm(showLines(field))) : `${field ?? ''}`)).join(',')}\r\n`;
}

/** What a spreadsheet would take for a formula, full-width forms included; a signed figure such as `-18%` is none. */
const formula = /^(?:[=@＝＠\t\r]|[+\-＋－](?!\d[\d.,]*%?$))./s;

function disarm(field: string): string {
  return formula.test(field) ? `'${field}` : field;
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
