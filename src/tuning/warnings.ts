/**
 * What a machine cannot carry of a load that is about to begin, in sentences.
 *
 * Only what makes connections fail is worth a word here; what only makes them slower is for `wirebench tune check`.
 */
import { descriptorsFor, tryDescriptors } from './descriptors.ts';
import { openHost, type Host } from './host.ts';
import { readFacts, readSetting } from './reading.ts';
import { settings } from './settings.ts';

/** A load by its connections, or by its users, who have one each. */
export type HostLoad = ({ readonly connections: number } | { readonly users: number }) & {
  /** Where the server is: `here` where it is left out. Elsewhere its side is nothing that this machine could tell. */
  readonly target?: 'here' | 'elsewhere';
};

/** @returns an empty list where all is well, and on systems that are not Linux, whose limits nobody reads here. */
export function warnAboutHost(load: HostLoad, host: Host = openHost()): readonly string[] {
  const what = 'users' in load ? 'users' : 'connections';
  const count = 'users' in load ? load.users : load.connections;
  const told = [...warnAboutDescriptors(host, { count, what }), ...warnAboutSettings(host, { ...load, count, what })];
  return told.map((sentence) => `${sentence}; see \`wirebench tune check --users ${count}\``);
}

function warnAboutDescriptors(host: Host, { count, what }: { count: number; what: string }): string[] {
  const limits = tryDescriptors(host);
  if (limits === undefined || descriptorsFor(count) <= limits.soft) return [];
  return [
    `a process may open ${limits.soft} files and connections here, and ${count} ${what} need ${descriptorsFor(count)}`,
  ];
}

function warnAboutSettings(
  host: Host,
  { target = 'here', count, what }: { target?: 'here' | 'elsewhere'; count: number; what: string },
): string[] {
  const facts = readFacts(host);
  return settings.flatMap((setting) => {
    const { name, carries, failsAt, why } = setting;
    if (failsAt === undefined || (failsAt === 'server' && target === 'elsewhere')) return [];
    const reading = readSetting(host, setting);
    const carried = reading.status === 'read' ? carries?.(reading.figures, facts) : undefined;
    if (reading.status !== 'read' || carried === undefined || carried >= count) return [];
    return [`${name} is ${reading.text}, which is enough for ${carried} ${what} and not for ${count} (${why})`];
  });
}
