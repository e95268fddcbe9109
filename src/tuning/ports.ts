/**
 * Sets of ports as the kernel writes them (`8080,9000-9009`), and the ports that servers listen on.
 *
 * Sources: ip-sysctl.rst (ip_local_reserved_ports) and proc_net_tcp.rst of the kernel's documentation.
 */
import { type Host, readQuietly } from './host.ts';

const highestPort = 65_535;

/** @returns ascending, each once; `undefined` where the text is no such set. An empty text is an empty set. */
export function readPorts(text: string): readonly number[] | undefined {
  if (text.trim() === '') return [];
  const ports = new Set<number>();
  for (const part of text.trim().split(',')) {
    const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
    if (from === undefined || Number(from) > Number(to) || Number(to) > highestPort) return undefined;
    for (let port = Number(from); port <= Number(to); port += 1) ports.add(port);
  }
  return [...ports].toSorted((a, b) => a - b);
}

/** The shortest text of a set. @param ports in any order. */
export function showPorts(ports: Iterable<number>): string {
  const ranges: [from: number, to: number][] = [];
  for (const port of [...new Set(ports)].toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === port - 1) last[1] = port;
    else ranges.push([port, port]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** State of a socket that listens, as /proc/net/tcp has it. */
const listeningLine = /^\s*\d+: (?:[0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A /gm;

/** Ports that some server of this network namespace listens on, at any address; ascending, each once. */
export function findListeningPorts(host: Host): readonly number[] {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readQuietly(host, file) ?? '');
  const ports = tables.flatMap((table) => [...table.matchAll(listeningLine)].map(([, hex = '']) => parseInt(hex, 16)));
  return [...new Set(ports)].toSorted((a, b) => a - b);
}
