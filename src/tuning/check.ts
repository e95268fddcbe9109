/**
 * Holds a host beside what a load asks of it, and changes nothing.
 */
import type { CheckedValue, HostCheck } from '../model/tuning.ts';
import { readDescriptors, wantedDescriptors } from './descriptors.ts';
import { standingOf, wantedText } from './figures.ts';
import type { Host } from './host.ts';
import { findListeningPorts, showPorts } from './ports.ts';
import { readFacts, readReservedPorts, readSetting, refuseOtherSystems } from './reading.ts';
import { type HostFacts, portRange, type Setting, settings } from './settings.ts';

/**
 * @param load.users who have a connection each.
 * @throws {UserError} on a system that is not Linux.
 */
export function checkHost(host: Host, { users }: { readonly users: number }): HostCheck {
  refuseOtherSystems(host);
  return {
    users,
    values: [...checkDescriptors(host, users), ...checkSettings(host, users)],
    unreservedPorts: showPorts(findUnreservedPorts(host)),
  };
}

/** The settings alone, in the table's order. */
export function checkSettings(host: Host, users: number): CheckedValue[] {
  const facts = readFacts(host);
  return settings.map((setting) => checkSetting(host, { setting, facts, users }));
}

/** Ports of servers that a connection might take after the range is as wide as is wanted. */
function findUnreservedPorts(host: Host): number[] {
  const [from, to] = portRange.figures;
  if (from === undefined || to === undefined) return [];
  const reserved = readReservedPorts(host);
  const known = new Set(reserved.status === 'read' ? reserved.figures : []);
  return findListeningPorts(host).filter((port) => port >= from.wanted && port <= to.wanted && !known.has(port));
}

function checkSetting(
  host: Host,
  { setting, facts, users }: { setting: Setting; facts: HostFacts; users: number },
): CheckedValue {
  const { name, scope, why, note, assumes, figures } = setting;
  const reading = readSetting(host, setting);
  const carriesUsers = reading.status === 'read' ? setting.carries?.(reading.figures, facts) : undefined;
  return {
    name,
    ...(reading.status === 'read' ? { now: reading.text } : { problem: reading.problem }),
    wanted: wantedText(figures),
    standing: reading.status === 'read' ? standingOf(reading.figures, figures) : 'unknown',
    ...(carriesUsers === undefined ? {} : { carriesUsers }),
    ...(carriesUsers === undefined || assumes === undefined ? {} : { assumes }),
    isTooLow: carriesUsers !== undefined && carriesUsers < users,
    scope,
    why,
    ...(note === undefined ? {} : { note }),
  };
}

function checkDescriptors(host: Host, users: number): CheckedValue[] {
  const { soft, hard, carriesUsers } = readDescriptors(host);
  const wanted = wantedDescriptors(users);
  const standing = (now: number): CheckedValue['standing'] =>
    now < wanted ? 'below' : now === wanted ? 'as wanted' : 'beyond';
  return [
    {
      name: 'descriptors, soft limit',
      now: `${soft}`,
      wanted: `${wanted}`,
      standing: standing(soft),
      carriesUsers,
      isTooLow: carriesUsers < users,
      why: 'open files and connections of this process',
      note: 'A program on Node.js raises its soft limit to the hard one by itself; others may not. `wirebench tune limits` says how to raise both.',
    },
    {
      name: 'descriptors, hard limit',
      now: `${hard}`,
      wanted: `${wanted}`,
      standing: standing(hard),
      isTooLow: false,
      why: 'up to where it may raise that by itself',
    },
  ];
}
