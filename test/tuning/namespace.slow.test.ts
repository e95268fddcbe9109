/**
 * Tuning a real kernel: in a network namespace of its own, whose settings are not the host's.
 *
 * Only what the namespace has of its own is set (`--namespace-only`): what all of the machine shares would be the
 * host's there, too.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { settings } from '../../src/tuning/settings.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const reservedPorts = 'net.ipv4.ip_local_reserved_ports';
const names = [reservedPorts, ...settings.map(({ name }) => name)];

/** Why no namespace can be made here; undefined where one can. */
const obstacle = findObstacle();

function findObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.geteuid?.() !== 0) return 'only root may make a network namespace';
  const { error, status, stderr } = spawnSync('unshare', ['-n', 'true'], { encoding: 'utf8' });
  if (error !== undefined) return 'there is no unshare';
  return status === 0 ? undefined : `unshare -n fails: ${stderr.trim()}`;
}

if (obstacle !== undefined) process.stderr.write(`not tested: ${obstacle}\n`);

/** Of this namespace: the host's, as far as the test knows. */
function readHost(): Record<string, string> {
  const fileOf = (name: string): string => `/proc/sys/${name.replaceAll('.', '/')}`;
  return Object.fromEntries(
    names.filter((name) => existsSync(fileOf(name))).map((name) => [name, readFileSync(fileOf(name), 'utf8')]),
  );
}

describe.skipIf(obstacle !== undefined)('a network namespace', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
  const undoFile = path.join(directory, 'undo.json');
  const host = obstacle === undefined ? readHost() : {};
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Runs a script in one, which ends with the script. `tune` stands for the command, `get` shows settings. */
  function inNamespace(script: string): string {
    const prelude = `
      tune() { '${process.execPath}' '${main}' tune "$@"; }
      get() { cat "/proc/sys/$(echo "$1" | tr . /)" | tr '\\t' ' '; }
      set -e
    `;
    const { stdout, stderr, status } = spawnSync('unshare', ['-n', 'sh', '-c', prelude + script], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], UNDO: undoFile },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  }

  it('is set and restored, and the host stays as it is', () => {
    const said = inNamespace(`
      before=$(get net.core.somaxconn)
      '${process.execPath}' -e "require('net').createServer().listen(9000, () => console.log('ready'))" > "$UNDO.server" &
      trap "kill $!" EXIT
      for turn in $(seq 300); do if grep -q ready "$UNDO.server"; then break; fi; sleep 0.1; done
      tune check --json
      tune apply --namespace-only --reserve-port 4444 --undo-file "$UNDO" --json
      for name in net.core.somaxconn net.ipv4.ip_local_port_range ${reservedPorts} net.ipv4.tcp_tw_reuse; do get $name; done
      tune check --json
      tune apply --namespace-only --reserve-port 4444 --undo-file "$UNDO" --json
      tune undo --undo-file "$UNDO" --json
      test "$(get net.core.somaxconn)" = "$before"
      test -z "$(get ${reservedPorts})"
      test ! -e "$UNDO"
      tune check --json
    `).split('\n');
    const lines = said.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Said);
    const [checkedBefore, applied, checkedAfter, again, undone, checkedLast] = lines;

    expect(said.filter((line) => /^\d/.test(line))).toEqual(['65535', '1024 65535', '4444,9000', '1']);
    expect(checkedBefore?.unreservedPorts).toBe('9000');
    expect(standingsOf(checkedAfter)).toMatchObject({
      'net.core.somaxconn': 'as wanted',
      'net.ipv4.ip_local_port_range': 'as wanted',
      'net.ipv4.tcp_tw_reuse': 'as wanted',
    });
    expect(checkedAfter?.unreservedPorts).toBe('');
    expect(applied?.settings?.filter(({ outcome }) => outcome === 'not set')).toEqual([]);
    expect(outcomesOf(applied)[reservedPorts]).toBe('set');
    // What is not there at all is named as that, and nothing that the machine shares was touched.
    for (const { name } of settings.filter(({ scope }) => scope === 'machine'))
      expect(outcomesOf(applied)[name]).toMatch(/^(?:left alone|not here)$/);
    expect(again?.settings?.filter(({ outcome }) => outcome === 'set')).toEqual([]);
    expect(new Set(Object.values(outcomesOf(undone)))).toEqual(new Set(['restored']));
    expect(valuesOf(checkedLast)).toEqual(valuesOf(checkedBefore));
    expect(readHost()).toEqual(host);
  });

  it('keeps what somebody has changed since', () => {
    const said = inNamespace(`
      tune apply --namespace-only --undo-file "$UNDO" --json > /dev/null
      echo 1000 > /proc/sys/net/core/somaxconn
      tune undo --undo-file "$UNDO" --json
      get net.core.somaxconn
      tune undo --force --undo-file "$UNDO" --json
    `).split('\n');
    const [kept, forced] = said.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Said);
    expect(outcomesOf(kept)['net.core.somaxconn']).toBe('changed since');
    expect(said).toContain('1000');
    expect(outcomesOf(forced)).toEqual({ 'net.core.somaxconn': 'restored' });
    expect(readHost()).toEqual(host);
  });
});

interface Said {
  readonly values?: readonly { readonly name: string; readonly standing: string; readonly now?: string }[];
  readonly unreservedPorts?: string;
  readonly settings?: readonly { readonly name: string; readonly outcome: string }[];
}

function standingsOf(said: Said | undefined): Record<string, string> {
  return Object.fromEntries((said?.values ?? []).map(({ name, standing }) => [name, standing]));
}

function valuesOf(said: Said | undefined): Record<string, string | undefined> {
  return Object.fromEntries((said?.values ?? []).map(({ name, now }) => [name, now]));
}

function outcomesOf(said: Said | undefined): Record<string, string> {
  return Object.fromEntries((said?.settings ?? []).map(({ name, outcome }) => [name, outcome]));
}
