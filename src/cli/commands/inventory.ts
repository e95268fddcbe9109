/**
 * `wirebench inventory`: lists the contenders and payloads that bench/ holds, with packages, flags and configuration.
 */
import type { Command } from 'commander';

import { reportInventory } from '../../report/run/inventory.ts';
import type { ExitCode } from '../../user-error.ts';
import { loadCatalog } from '../../registry/catalog.ts';
import type { CliCommand } from '../command.ts';
import { renderDocument } from '../render.ts';

const command: CliCommand = {
  summary: 'list the contenders and payloads',

  configure(inventory: Command): void {
    inventory.option('--format <name>', 'terminal, markdown, json, or another file of src/report/formats/', 'terminal');
  },

  async run({ options }, io): Promise<ExitCode> {
    const { format } = options as { format: string };
    io.stdout.write(
      await renderDocument({ document: reportInventory(await loadCatalog({ directory: io.cwd })), format, io }),
    );
    return 0;
  },
};

export default command;
