/**
 * The settings of Linux that thousands of connections depend on: what is wanted, why, and how many users a value carries.
 *
 * Wanted values are those of ContextForge's performance guide and its tuning script. How many users a value carries is
 * reckoned here, from what the kernel does with it. Sources: ip-sysctl.rst, net.rst, fs.rst and vm.rst of the kernel's
 * documentation.
 */
import type { SettingScope } from '../model/tuning.ts';

/** One figure of a value; most values have one, a range has two, and a buffer has least, first and most. */
interface WantedFigure {
  readonly wanted: number;
  /** Which way is better; `exactly` is a choice, of which none is more than another. */
  readonly better: 'higher' | 'lower' | 'exactly';
}

/** What a value is judged beside. */
export interface HostFacts {
  /** Ports for connections to one address, without reserved ones; `undefined` where the range cannot be read. */
  readonly localPorts: number | undefined;
  /** Files that are open on the machine; 0 where that cannot be read. */
  readonly openFiles: number;
}

export interface Setting {
  /** As sysctl calls it. */
  readonly name: string;
  readonly figures: readonly WantedFigure[];
  readonly scope: SettingScope;
  /** What it bounds, without a full stop. */
  readonly why: string;
  /** What is not to be expected of it; sentences. */
  readonly note?: string;
  /**
   * Users, with a connection each, up to which a value is enough; absent where it has nothing to do with their number.
   * @param figures as many as are wanted.
   */
  readonly carries?: (figures: readonly number[], facts: HostFacts) => number | undefined;
  /** Which users that is reckoned for, where it is not enough that they have a connection; behind their number. */
  readonly assumes?: string;
  /** Where connections fail beyond it, and are not only slower: whose end they fail at. Absent for all others. */
  readonly failsAt?: 'client' | 'server' | 'both';
}

/** Fixed in the kernel (TCP_TIMEWAIT_LEN); no setting changes it. */
const timeWaitSeconds = 60;

/** A user's connection has two ends, and a load on one machine has both of them there. */
const endsOfConnection = 2;

const first = ([figure]: readonly number[]): number | undefined => figure;

/** What reserved ports are taken out of. */
export const portRange: Setting = {
  name: 'net.ipv4.ip_local_port_range',
  figures: [
    { wanted: 1024, better: 'lower' },
    { wanted: 65_535, better: 'higher' },
  ],
  scope: 'namespace',
  why: 'ports for connections to one address',
  note: 'It is reckoned for connections that stay open, without reserved ports.',
  carries: (_range, { localPorts }) => localPorts,
  failsAt: 'client',
};

export const settings: readonly Setting[] = [
  {
    name: 'net.core.somaxconn',
    figures: [{ wanted: 65_535, better: 'higher' }],
    scope: 'namespace',
    why: 'connections that wait to be accepted',
    note: 'A server asks for a length of its own, and the shorter one counts: servers on Node.js have 511 unless listen() is told otherwise.',
    carries: first,
    failsAt: 'server',
  },
  {
    name: 'net.core.netdev_max_backlog',
    figures: [{ wanted: 65_535, better: 'higher' }],
    scope: 'machine',
    why: 'packets that wait for a processor',
    note: 'Packets over loopback wait there, too; it is reckoned for one of each user.',
    carries: first,
  },
  {
    name: 'net.ipv4.tcp_max_syn_backlog',
    figures: [{ wanted: 65_535, better: 'higher' }],
    scope: 'namespace',
    why: 'connections that are half open',
    note: 'Beyond it connections are still made where SYN cookies are on, which they are by default.',
    carries: first,
  },
  {
    name: 'net.ipv4.tcp_tw_reuse',
    figures: [{ wanted: 1, better: 'exactly' }],
    scope: 'namespace',
    why: 'new connections from ports in TIME_WAIT',
    note: `A port rests for ${timeWaitSeconds} seconds after its connection was closed, and with 1 may be used again after one. 2, the default, allows that over loopback alone. Connections that stay open need neither.`,
    assumes: 'who open a connection each second',
    carries: ([mode], { localPorts }) =>
      localPorts === undefined || mode === 1 ? localPorts : Math.floor(localPorts / timeWaitSeconds),
  },
  {
    name: 'net.ipv4.tcp_fin_timeout',
    figures: [{ wanted: 15, better: 'lower' }],
    scope: 'namespace',
    why: 'seconds of FIN-WAIT-2',
    note: `It does not shorten TIME_WAIT, as is often said: Linux fixes that at ${timeWaitSeconds} seconds.`,
  },
  portRange,
  {
    name: 'net.ipv4.tcp_keepalive_time',
    figures: [{ wanted: 60, better: 'lower' }],
    scope: 'namespace',
    why: 'seconds of silence before a probe',
    note: 'Only connections that ask for keep-alive are probed, and a program may choose times of its own.',
  },
  {
    name: 'net.ipv4.tcp_keepalive_intvl',
    figures: [{ wanted: 10, better: 'lower' }],
    scope: 'namespace',
    why: 'seconds between probes',
  },
  {
    name: 'net.ipv4.tcp_keepalive_probes',
    figures: [{ wanted: 6, better: 'lower' }],
    scope: 'namespace',
    why: 'probes until a connection is given up',
  },
  {
    name: 'net.ipv4.tcp_max_orphans',
    figures: [{ wanted: 65_536, better: 'higher' }],
    scope: 'machine',
    why: 'connections that no program holds',
    note: 'It is reckoned for users that leave all at once. The default grows with the memory, and is often higher than what is wanted.',
    carries: first,
  },
  {
    name: 'net.core.rmem_max',
    figures: [{ wanted: 16_777_216, better: 'higher' }],
    scope: 'machine',
    why: 'bytes that a program may receive into',
  },
  {
    name: 'net.core.wmem_max',
    figures: [{ wanted: 16_777_216, better: 'higher' }],
    scope: 'machine',
    why: 'bytes that a program may send from',
  },
  {
    name: 'net.ipv4.tcp_rmem',
    figures: [
      { wanted: 4096, better: 'higher' },
      { wanted: 87_380, better: 'higher' },
      { wanted: 16_777_216, better: 'higher' },
    ],
    scope: 'namespace',
    why: 'bytes to receive into: least, first, most',
  },
  {
    name: 'net.ipv4.tcp_wmem',
    figures: [
      { wanted: 4096, better: 'higher' },
      { wanted: 65_536, better: 'higher' },
      { wanted: 16_777_216, better: 'higher' },
    ],
    scope: 'namespace',
    why: 'bytes to send from: least, first, most',
  },
  {
    name: 'vm.swappiness',
    figures: [{ wanted: 10, better: 'lower' }],
    scope: 'machine',
    why: 'how readily memory goes to disk',
  },
  {
    name: 'fs.aio-max-nr',
    figures: [{ wanted: 1_048_576, better: 'higher' }],
    scope: 'machine',
    why: 'requests to disks at once',
  },
  {
    name: 'fs.file-max',
    figures: [{ wanted: 2_097_152, better: 'higher' }],
    scope: 'machine',
    why: 'open files of the machine',
    note: 'A connection is one on each side, both of them here where the server is.',
    carries: ([most], { openFiles }) =>
      most === undefined ? undefined : Math.max(0, Math.floor((most - openFiles) / endsOfConnection)),
    failsAt: 'both',
  },
];

/** Ports that no connection gets by chance, so that a server finds its own free when it starts. */
export const reservedPortsName = 'net.ipv4.ip_local_reserved_ports';
