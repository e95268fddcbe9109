/**
 * A host in a temporary directory: the files under /proc and /etc that the tuning reads, with the values of a default
 * kernel of Debian.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Host, openHost } from '../../src/tuning/host.ts';

/** As the kernel writes them, with tabs between several figures. */
export const defaults: Readonly<Record<string, string>> = {
  'net.core.somaxconn': '4096',
  'net.core.netdev_max_backlog': '1000',
  'net.core.rmem_max': '212992',
  'net.core.wmem_max': '212992',
  'net.ipv4.tcp_max_syn_backlog': '1024',
  'net.ipv4.tcp_tw_reuse': '2',
  'net.ipv4.tcp_fin_timeout': '60',
  'net.ipv4.ip_local_port_range': '32768\t60999',
  'net.ipv4.ip_local_reserved_ports': '',
  'net.ipv4.tcp_keepalive_time': '7200',
  'net.ipv4.tcp_keepalive_intvl': '75',
  'net.ipv4.tcp_keepalive_probes': '9',
  'net.ipv4.tcp_max_orphans': '131072',
  'net.ipv4.tcp_rmem': '4096\t131072\t33554432',
  'net.ipv4.tcp_wmem': '4096\t16384\t4194304',
  'vm.swappiness': '60',
  'fs.aio-max-nr': '65536',
  'fs.file-max': '9223372036854775807',
  'fs.file-nr': '928\t0\t9223372036854775807',
  'fs.nr_open': '1048576',
  'kernel.random.boot_id': '11111111-2222-3333-4444-555555555555',
};

export interface FakeHost {
  readonly root: string;
  readonly host: Host;
  readonly undoFile: string;
  /** Without the line's end; several figures with a blank between them. */
  readonly valueOf: (name: string) => string;
  readonly set: (name: string, text: string) => void;
  /** Takes a setting away. */
  readonly drop: (name: string) => void;
  readonly write: (file: string, text: string) => void;
  readonly remove: () => void;
}

export interface FakeHostOptions {
  readonly soft?: number | 'unlimited';
  readonly hard?: number | 'unlimited';
  /** Ports that servers listen on. */
  readonly listening?: readonly number[];
  /** The network namespace. */
  readonly network?: string;
}

export function makeFakeHost(options: FakeHostOptions = {}): FakeHost {
  const { soft = 1024, hard = 524_288, listening = [], network = 'net:[1]' } = options;
  const root = mkdtempSync(path.join(tmpdir(), 'wirebench-host-'));
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const fileOf = (name: string): string => `/proc/sys/${name.replaceAll('.', '/')}`;
  const set = (name: string, text: string): void => write(fileOf(name), `${text}\n`);
  for (const [name, text] of Object.entries(defaults)) set(name, text);
  write('/proc/self/limits', layOutLimits(soft, hard));
  mkdirSync(path.join(root, 'proc/self/ns'), { recursive: true });
  symlinkSync(network, path.join(root, 'proc/self/ns/net'));
  write('/proc/net/tcp', layOutSockets(listening));
  return {
    root,
    host: openHost(root),
    undoFile: path.join(root, 'undo.json'),
    valueOf: (name) =>
      readFileSync(path.join(root, fileOf(name)), 'utf8')
        .trim()
        .split(/\s+/)
        .join(' '),
    set,
    drop: (name) => rmSync(path.join(root, fileOf(name))),
    write,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The same host, on which the kernel does not take some settings. @param refused codes of the system by name. */
export function refusing(host: Host, refused: Readonly<Record<string, string>>): Host {
  return {
    ...host,
    write: (file, text) => {
      const code = refused[file.replace('/proc/sys/', '').replaceAll('/', '.')];
      if (code !== undefined) throw Object.assign(new Error(`${code}: refused`), { code });
      host.write(file, text);
    },
  };
}

function layOutLimits(soft: number | 'unlimited', hard: number | 'unlimited'): string {
  const line = (name: string, low: string | number, high: string | number): string =>
    `${name.padEnd(26)}${String(low).padEnd(21)}${String(high).padEnd(21)}files     \n`;
  return line('Limit', 'Soft Limit', 'Hard Limit') + line('Max open files', soft, hard);
}

/** One that listens for each port, and one connection that none of them is. */
function layOutSockets(listening: readonly number[]): string {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
  const rest = '00000000:00000000 00:00000000 00000000     0        0 1 1 0000000000000000 100 0 0 10 0';
  const line = (index: number, port: number, state: string): string =>
    `${String(index).padStart(4)}: 0100007F:${hex(port)} 00000000:0000 ${state} ${rest}\n`;
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  return head + listening.map((port, index) => line(index, port, '0A')).join('') + line(99, 45_000, '01');
}
