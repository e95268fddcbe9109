/**
 * `wirebench fixtures`: writes the manifest of hashes and the readable sample of the generated corpus, or checks them.
 *
 * To be run after a change to the generator or to a payload. The JSON Schemas beside the two files are written by hand.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { messageOf } from '../../foreign-text.ts';
import { buildManifest, buildSample, compareManifests } from '../../corpus/manifest.ts';
import { loadRegistry } from '../../registry/registry.ts';
import { writeText } from '../../store/run-file.ts';
import { packageRoot } from '../../own-files.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand } from '../command.ts';

const MANIFEST = 'manifest.json';
const SAMPLE = 'sample.json';

const command: CliCommand = defineCommand({
  summary: 'write the corpus manifest and sample, or check them',
  needsCheckout: true,
  declare: (fixtures) =>
    fixtures
      .option('--check', 'write nothing; exit code 1 where the files differ from what this machine generates')
      .option('--dir <directory>', 'where the two files are, if not in the fixtures/ of this checkout'),

  async run({ options: { check, dir } }, io) {
    const directory = dir === undefined ? fixturesDirectory() : path.resolve(io.cwd, dir);
    // Files that cannot be read are known before anything is generated.
    const recorded = check === true ? readRecorded(directory) : undefined;
    const { payloads } = await loadRegistry();
    const manifest = buildManifest(payloads);
    const sample = buildSample(payloads);
    if (recorded === undefined) {
      writeText(path.join(directory, MANIFEST), toText(manifest));
      writeText(path.join(directory, SAMPLE), toText(sample));
      io.stdout.write(`wrote ${MANIFEST} and ${SAMPLE} for ${payloads.length} payloads\n`);
      return 0;
    }
    const differences = compareManifests(recorded.manifest, manifest).map((difference) => `${MANIFEST}: ${difference}`);
    // Compared as values, so that a checkout with other line endings is no difference.
    if (JSON.stringify(recorded.sample) !== JSON.stringify(sample)) {
      differences.push(`${SAMPLE}: other content`);
    }
    for (const difference of differences) io.stdout.write(`${difference}\n`);
    io.stdout.write(
      differences.length === 0
        ? `the corpus is as recorded (${payloads.length} payloads)\n`
        : 'the corpus differs; where the change is meant, write the files anew with `wirebench fixtures`\n',
    );
    return differences.length === 0 ? 0 : 1;
  },
});

export default command;

function fixturesDirectory(): string {
  return fileURLToPath(new URL('fixtures/', packageRoot));
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function readRecorded(directory: string): { manifest: unknown; sample: unknown } {
  return { manifest: readJson(path.join(directory, MANIFEST)), sample: readJson(path.join(directory, SAMPLE)) };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UserError(`cannot read ${file}: ${messageOf(cause)}`, {
      hint: 'write it anew with `wirebench fixtures`',
      cause,
    });
  }
}
