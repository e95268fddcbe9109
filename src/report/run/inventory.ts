/**
 * What can be measured, as tables: the contenders with their packages and flags, and the payloads.
 *
 * Made from the registry, so that documents never list what is not there.
 */
import { flagLegend, flagsOf, type Metadata } from '../catalog.ts';
import type { Document } from '../document.ts';
import { list } from '../parts/blocks.ts';
import { left, tabulate } from '../parts/table.ts';
import { formatCount } from '../quantities.ts';

/** A document with one table of contenders, one of payloads and the legend of flags. */
export function reportInventory(registry: Metadata): Document {
  const { contenders, payloads } = registry;
  return {
    title: 'wirebench inventory',
    blocks: [
      tabulate(contenders, {
        caption: 'Contenders',
        columns: [
          left('contender', ({ id }) => id),
          left('kind', ({ kind }) => kind),
          left('package', (contender) => contender.package ?? 'built in'),
          left('flags', ({ id }) => flagsOf(registry, id)),
          left('from profile', ({ tier }) => tier),
          left('configuration', ({ note }) => note ?? ''),
        ],
      }),
      tabulate(payloads, {
        caption: 'Payloads',
        columns: [
          left('payload', ({ id }) => id),
          left('what', ({ title }) => title),
          left('where', ({ where }) => where),
          left('items', ({ sizes }) => sizes.map(formatCount).join(', ')),
          left('variants', ({ variants }) => variants.join(', ')),
          left('from profile', ({ tier }) => tier),
        ],
      }),
      ...list(
        flagLegend(
          registry,
          contenders.map(({ id }) => id),
        ),
      ),
    ],
  };
}
