/**
 * Output size as bars, a panel for plain output and one for each content encoding: a chart for each table of sizes.
 */
import { encodedSizesOf, groupBy, medianOf } from '../../compare/cells.ts';
import type { MicroCell } from '../../model/cell.ts';
import { describeForm, describePayload, standsApart } from '../catalog.ts';
import type { ChartPoint } from '../document.ts';
import { formatBytes, formatCount, formatList } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { type ChartScope, nameChart, type PlacedChart, seriesOf, tellLeftOut } from './chart-scope.ts';

/** A chart for each payload, item count, variant and sink with two contenders or more. */
export function chartSizes(scope: ChartScope): PlacedChart[] {
  const { metadata, outline } = scope;
  const tables = groupBy(scope.cells, ({ id }) => JSON.stringify([id.payload, id.items, id.variant, id.sink]));
  return [...tables.values()].flatMap((table): PlacedChart[] => {
    const own = table.filter(
      (cell) =>
        cell.status === 'ok' &&
        medianOf(cell, 'outputBytes') !== undefined &&
        !standsApart(metadata, cell.id.contender),
    );
    if (own.length < 2) return [];
    const { payload, items, variant, sink } = table[0].id;
    return [
      {
        cell: table[0],
        chart: {
          kind: 'chart',
          id: nameChart(['chart', outline.id, 'sizes', payload, items, variant, sink]),
          title: `Output size: ${describePayload(metadata, payload)}, ${formatCount(items)} items (${describeForm(table[0].id)})`,
          summary: summarize(own) + tellLeftOut(table, { metadata }),
          form: 'bars',
          x: { title: 'encoding', scale: 'category', unit: 'category' },
          y: { title: 'size, less is smaller', scale: 'linear', unit: 'bytes' },
          series: own
            .toSorted((a, b) => (medianOf(a, 'outputBytes') ?? 0) - (medianOf(b, 'outputBytes') ?? 0))
            .map((cell) => ({ ...seriesOf(cell.id.contender, scope), points: pointsOf(cell) })),
        },
      },
    ];
  });
}

function pointsOf(cell: MicroCell): ChartPoint[] {
  return [
    { x: 'plain', y: medianOf(cell, 'outputBytes') ?? 0 },
    ...(encodedSizesOf(cell) ?? []).map(({ encoding, level, sizeBytes }) => ({
      x: `${encoding} ${level}`,
      y: sizeBytes,
    })),
  ];
}

function summarize(cells: readonly MicroCell[]): string {
  const points = cells.flatMap((cell) =>
    pointsOf(cell).map(({ x, y }) => ({ encoding: String(x), contender: cell.id.contender, y })),
  );
  const parts = [...groupBy(points, ({ encoding }) => encoding)].map(([encoding, own]) => {
    const order = own.toSorted((a, b) => a.y - b.y);
    const [least, most] = [order[0] ?? own[0], order.at(-1) ?? own[0]];
    const tell = ({ y, contender }: { y: number; contender: string }): string =>
      `${formatBytes(y)} (${showText(contender)})`;
    return least.y === most.y
      ? `${encoding} ${formatBytes(least.y)} for all`
      : `${encoding} from ${tell(least)} to ${tell(most)}`;
  });
  return `Bytes of the output: ${formatList(parts)}.`;
}
