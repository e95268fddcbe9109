/**
 * What can be measured, as tables: the contenders with their packages and flags, and the payloads.
 *
 * Made from the registry, so that documents never list what is not there. Deliberately absent: results.
 */
import { flagLegend, flagsOf, type Metadata } from '../catalog.ts';
import type { Document, Table } from '../document.ts';
import { formatCount } from '../quantities.ts';

/** A document with one table of contenders, one of payloads and the legend of flags. */
export function reportInventory(registry: Metadata): Document {
  const legend = flagLegend(
    registry,
    registry.contenders.map(({ id }) => id),
  );
  return {
    title: 'wirebench inventory',
    blocks: [
      tabulateContenders(registry),
      tabulatePayloads(registry),
      { kind: 'list', items: legend.map((text) => ({ text })) },
    ],
  };
}

function tabulateContenders(registry: Metadata): Table {
  return {
    kind: 'table',
    caption: 'Contenders',
    columns: ['contender', 'kind', 'package', 'flags', 'from profile', 'configuration'].map((title) => ({
      title,
      align: 'left',
    })),
    groups: [
      {
        rows: registry.contenders.map((contender) => [
          { text: contender.id },
          { text: contender.kind },
          { text: contender.package ?? 'built in' },
          { text: flagsOf(registry, contender.id) },
          { text: contender.tier },
          { text: contender.note ?? '' },
        ]),
      },
    ],
  };
}

function tabulatePayloads(registry: Metadata): Table {
  return {
    kind: 'table',
    caption: 'Payloads',
    columns: ['payload', 'what', 'where', 'items', 'variants', 'from profile'].map((title) => ({
      title,
      align: 'left',
    })),
    groups: [
      {
        rows: registry.payloads.map((payload) => [
          { text: payload.id },
          { text: payload.title },
          { text: payload.where },
          { text: payload.sizes.map(formatCount).join(', ') },
          { text: payload.variants.join(', ') },
          { text: payload.tier },
        ]),
      },
    ],
  };
}
