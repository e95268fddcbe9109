/**
 * The files of this checkout in another directory, so that building, packing and releasing them changes nothing here.
 *
 * Every file that git has or would take, as it is now, with what is installed linked. Without the history.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../', import.meta.url));

/** @param target an empty directory. */
export function copyTree(target: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  // Git lists what was deleted and not committed yet, too.
  const files = listed.split('\0').filter((file) => file !== '' && existsSync(path.join(projectRoot, file)));
  for (const file of files) cpSync(path.join(projectRoot, file), path.join(target, file), { verbatimSymlinks: true });
  for (const directory of ['.', 'packages/serializer']) {
    const installed = path.join(projectRoot, directory, 'node_modules');
    if (existsSync(installed)) symlinkSync(installed, path.join(target, directory, 'node_modules'));
  }
}
