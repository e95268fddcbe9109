/**
 * Figures as CSV: one line a cell of the runs with every metric in base units, or one line a table cell of any other
 * document. Runs over HTTP and loads of users have columns of their own.
 *
 * Quoted as RFC 4180 asks, and fit for a spreadsheet: text that one would calculate is shown to it as text. Columns are
 * named like the fields of run.json.
 */
import { cellKey, encodedSizesOf, medianOf, speedupOf } from '../../compare/cells.ts';
import { middleShares } from '../../compare/measure-noise.ts';
import type { Cell, EncodedSize, MicroCell } from '../../model/cell.ts';
import type { HttpCell, HttpScenario } from '../../model/http.ts';
import type { MetricInfo } from '../../model/metric.ts';
import type { RunNoise, TwinReading } from '../../model/noise.ts';
import type { Run } from '../../model/run.ts';
import type { UserRequestResult, UsersResults } from '../../model/users.ts';
import { tellWarning } from '../../run-file/warnings.ts';
import { plainFields } from '../../run-file/write.ts';
import type { Block, Document, Table } from '../document.ts';
import type { Format, RenderOptions } from '../format.ts';
import type { NamedRun } from '../named-run.ts';
import { listCells, type ListedCell } from '../run/run-cells.ts';
import { failuresOf } from '../users/users-answer.ts';
import { showLines, showText } from '../../foreign-text.ts';

export default {
  extension: 'csv',
  render(document: Document, { runs }: Pick<RenderOptions, 'runs'> = {}) {
    if (runs === undefined) return [tableHeader, ...linesOf(document.blocks, '')].map(join).join('');
    const loads = runs.flatMap((named) => (named.run.users === undefined ? [] : [{ named, users: named.run.users }]));
    if (loads.length > 0 && loads.length === runs.length) return linesOfLoads(loads).map(join).join('');
    const list = listCells(runs, 'csv');
    const lines =
      list.source === 'load'
        ? linesOfCells(httpColumns(list.metrics), list.cells)
        : linesOfCells(microColumns(list.metrics), list.cells);
    return lines.map(join).join('');
  },
} satisfies Format;

const tableHeader = ['section', 'table', 'group', 'row', 'column', 'text', 'value'];

/** How each column of a table of cells is read; a figure that a cell lacks leaves its field empty. */
type Columns<C> = Readonly<Record<string, (cell: C, run: NamedRun) => Field>>;

function microColumns(metrics: readonly MetricInfo[]): Columns<MicroCell> {
  const others = metrics.filter(({ name }) => !['latencyNs', ...plainFields].includes(name));
  return {
    run: (_cell, { name }) => name,
    suite: ({ id }) => id.suite,
    contender: ({ id }) => id.contender,
    payload: ({ id }) => id.payload,
    items: ({ id }) => id.items,
    variant: ({ id }) => id.variant,
    sink: ({ id }) => id.sink,
    status: ({ status }) => status,
    reason: ({ reason }) => reason,
    latencyNs: (cell) => medianOf(cell, 'latencyNs'),
    latencyNsLo: ({ metrics: { latencyNs } }) => latencyNs?.summary?.lo,
    latencyNsHi: ({ metrics: { latencyNs } }) => latencyNs?.summary?.hi,
    latencyConfidence: ({ metrics: { latencyNs } }) => latencyNs?.summary?.confidence,
    reference: (cell) => speedupOf(cell)?.reference,
    speedup: (cell) => speedupOf(cell)?.ratio,
    speedupLo: (cell) => speedupOf(cell)?.lo,
    speedupHi: (cell) => speedupOf(cell)?.hi,
    speedupConfidence: (cell) => speedupOf(cell)?.confidence,
    ...Object.fromEntries(plainFields.map((name) => [name, (cell: Cell) => medianOf(cell, name)])),
    ...encodedColumns('gzip'),
    ...encodedColumns('br'),
    ...encodedColumns('zstd'),
    ...metricColumns(others),
    forkCount: ({ rounds }) => rounds.filter(({ fork }) => fork !== undefined).length,
    cleanShare: (cell) => sharesOf(cell).cleanShare,
    stolenShare: (cell) => sharesOf(cell).stolenShare,
    othersShare: (cell) => sharesOf(cell).othersShare,
    ...twinColumns<MicroCell>(({ noise }) => noise),
    observations: ({ observations }) =>
      observations && JSON.stringify(observations.map(({ input, outcome }) => [input, outcome])),
    warnings: tellWarnings,
  };
}

/** Of the cell's own processes, which the noise of the run is the sum of. */
function sharesOf({ rounds }: MicroCell): ReturnType<typeof middleShares> {
  return middleShares(rounds.flatMap(({ fork }) => fork ?? []));
}

/** What a second process or server of the cell read beside the first; by the time of an operation or a request. */
function twinColumns<C extends Cell>(noiseOf: (run: Run) => RunNoise<C['id']> | undefined): Columns<C> {
  const find = (cell: C, { run }: NamedRun): TwinReading<C['id']> | undefined =>
    noiseOf(run)?.twins.find((twin) => cellKey(twin.cell) === cellKey(cell.id));
  return {
    twinRatio: (cell, run) => find(cell, run)?.ratio,
    twinRatioLo: (cell, run) => find(cell, run)?.lo,
    twinRatioHi: (cell, run) => find(cell, run)?.hi,
  };
}

function encodedColumns(encoding: EncodedSize['encoding']): Columns<Cell> {
  const find = (cell: Cell): EncodedSize | undefined =>
    encodedSizesOf(cell)?.find((size) => size.encoding === encoding);
  return {
    [`${encoding}Level`]: (cell) => find(cell)?.level,
    [`${encoding}SizeBytes`]: (cell) => find(cell)?.sizeBytes,
    [`${encoding}LatencyNs`]: (cell) => find(cell)?.latencyNs,
  };
}

function httpColumns(metrics: readonly MetricInfo[]): Columns<HttpCell> {
  return {
    run: (_cell, { name }) => name,
    suite: ({ id }) => id.suite,
    scenario: ({ id }) => id.scenario,
    loadKind: ({ id }) => id.load.kind,
    connections: ({ id }) => id.load.connections,
    requestsPerSecAsked: ({ id: { load } }) => (load.kind === 'open' ? load.requestsPerSec : undefined),
    items: ({ id }, { run }) => findScenario(run, id.scenario)?.items,
    contender: ({ id }) => id.contender,
    status: ({ status }) => status,
    reason: ({ reason }) => reason,
    ...metricColumns(metrics),
    rounds: ({ rounds }) => rounds.length,
    ...twinColumns<HttpCell>(({ http }) => http?.noise),
    failures: ({ failures }) => tellCounts(failures),
    warnings: tellWarnings,
  };
}

/** A line a kind of request of each load, as the tables of its report have them. */
function linesOfLoads(loads: readonly { named: NamedRun; users: UsersResults }[]): Field[][] {
  const lines = loads.flatMap(({ named, users }) =>
    users.requests.map((request) => Object.values(requestColumns).map((read) => read(request, named))),
  );
  return [Object.keys(requestColumns), ...lines];
}

const percentiles = ['p50Ns', 'p90Ns', 'p95Ns', 'p99Ns', 'p999Ns', 'maxNs', 'meanNs'] as const;

const requestColumns: Readonly<Record<string, (request: UserRequestResult, run: NamedRun) => Field>> = {
  run: (_request, { name }) => name,
  userClass: ({ userClass }) => showText(userClass),
  task: ({ task }) => showText(task),
  request: ({ request }) => showText(request),
  method: ({ method }) => showText(method),
  requests: ({ requests }) => requests,
  failed: failuresOf,
  failures: ({ failures }) => tellCounts(failures),
  wireBytes: ({ wireBytes }) => wireBytes,
  ...Object.fromEntries(percentiles.map((name) => [name, ({ latency }: UserRequestResult) => latency?.[name]])),
  ...Object.fromEntries(
    percentiles.map((name) => [
      `service${name[0]?.toUpperCase()}${name.slice(1)}`,
      ({ serviceTime }: UserRequestResult) => serviceTime?.[name],
    ]),
  ),
};

function tellCounts(failures: Readonly<Record<string, number>>): string {
  return showText(
    Object.entries(failures)
      .map(([kind, count]) => `${kind}: ${count}`)
      .join('; '),
  );
}

function findScenario({ http }: NamedRun['run'], scenario: string): HttpScenario | undefined {
  return http?.scenarios.find(({ id }) => id === scenario);
}

function metricColumns(metrics: readonly MetricInfo[]): Columns<Cell> {
  const columns = metrics.map(({ name }): Columns<Cell> => ({
    [name]: (cell) => medianOf(cell, name),
    [`${name}Lo`]: (cell) => cell.metrics[name]?.summary?.lo,
    [`${name}Hi`]: (cell) => cell.metrics[name]?.summary?.hi,
    [`${name}Ratio`]: (cell) => cell.metrics[name]?.ratio?.ratio,
    [`${name}RatioLo`]: (cell) => cell.metrics[name]?.ratio?.lo,
    [`${name}RatioHi`]: (cell) => cell.metrics[name]?.ratio?.hi,
  }));
  return Object.assign({}, ...columns) as Columns<Cell>;
}

function tellWarnings({ warnings }: Cell): string {
  return warnings.map(tellWarning).join('; ');
}

function linesOfCells<C>(columns: Columns<C>, cells: readonly ListedCell<C>[]): Field[][] {
  return [Object.keys(columns), ...cells.map(({ cell, run }) => lineOf(columns, cell, run))];
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
