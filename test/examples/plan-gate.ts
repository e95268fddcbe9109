/**
 * Prints the cells that the gate would measure in a project, one a line: `node --import ./resolve-wirebench.ts plan-gate.ts DIRECTORY`.
 *
 * A process of its own, since a configuration imports the package by its name. Deliberately absent: measuring.
 */
import { loadCatalog } from '../../src/registry/catalog.ts';
import { planGrid } from '../../src/gate/session/grid.ts';
import { readConfig } from '../../src/store/config-file.ts';

const [directory = ''] = process.argv.slice(2);
const config = await readConfig(directory);
const harness = await loadCatalog({ directory, config });
const { cells } = planGrid({
  registries: { harness, baseline: harness.contenders, candidate: harness.contenders },
  selections: config.gate?.cells ?? [],
  seed: 1,
});
process.stdout.write(cells.map(({ key }) => `${key}\n`).join(''));
