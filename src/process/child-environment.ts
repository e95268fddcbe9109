/**
 * The environment that a child process gets when its code is not ours: a short list of names, never all of
 * `process.env`.
 *
 * A session in CI holds tokens, and a server that is recorded or a side that is judged has no business with them. The
 * list is that of the MCP SDK's stdio client, with what Windows, locales and temporary directories need.
 */

/** The environment of a process, as `process.env` is one. */
export type Env = Readonly<Record<string, string | undefined>>;

const names = [
  'HOME',
  'LOGNAME',
  'PATH',
  'SHELL',
  'TERM',
  'USER',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMFILES',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
];

/**
 * Those variables of an environment that a program needs to run at all, and what else is asked for by name.
 * @param env not modified; names compare without case, as Windows writes `Path` and `SystemRoot`.
 * @param extra further names, e.g. of a package manager's proxy settings.
 * @returns a new object; values that look like shell functions are left out, since a shell would run them.
 */
export function childEnvironment(env: Env, extra: readonly string[] = []): Record<string, string> {
  const wanted = new Set([...names, ...extra].map((name) => name.toUpperCase()));
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value.startsWith('()')) continue;
    if (wanted.has(name.toUpperCase()) || name.startsWith('LC_')) kept[name] = value;
  }
  return kept;
}
