/**
 * `wirebench inventory`: lists the contenders and payloads that bench/ holds, with packages, flags and configuration.
 */

import { reportInventory } from '../../report/run/inventory.ts';
import { loadCatalog } from '../../registry/catalog.ts';
import { type CliCommand, defineCommand } from '../command.ts';
import { renderDocument } from '../render.ts';

const command: CliCommand = defineCommand({
  summary: 'list the contenders and payloads',
  declare: (inventory) =>
    inventory.option('--format <name>', 'terminal, markdown, json, or another file of src/report/formats/', 'terminal'),

  async run({ options: { format } }, io) {
    io.stdout.write(
      await renderDocument({ document: reportInventory(await loadCatalog({ directory: io.cwd })), format, io }),
    );
    return 0;
  },
});

export default command;
