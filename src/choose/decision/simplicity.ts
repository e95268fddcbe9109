/**
 * Which of two contenders is simpler to live with: the one that an application takes on less with.
 */
import type { Registered } from '../../model/bench-module.ts';
import type { Capability, SerializeContender } from '../../model/contender.ts';
import type { Burden } from '../../model/choice.ts';

/**
 * What weighs more comes first. What a client has to know outweighs what the operator has to know, and that outweighs
 * one more package.
 */
const byWeight: readonly Burden[] = [
  'lossy',
  'partial',
  'binary',
  'envelope',
  'skips-escaping-checks',
  'leaves-text',
  'memoizes',
  'drops-unknown-fields',
  'native-code',
  'compiles-schema',
  'needs-schema',
  'sorts-keys',
  'dependency',
];

/** Heaviest first; empty for what the runtime has built in. */
export function burdensOf(
  contender: Pick<Registered<SerializeContender>, 'capabilities' | 'package' | 'usage'>,
): Burden[] {
  const isDependency = contender.usage === undefined ? contender.package !== null : contender.usage.install.length > 0;
  const all = new Set<Burden>([...contender.capabilities, ...(isDependency ? (['dependency'] as const) : [])]);
  return byWeight.filter((burden) => all.has(burden));
}

/** Capabilities of a contender that are not in the list. */
export function notAccepted(capabilities: readonly Capability[], accepted: readonly Capability[]): Capability[] {
  return capabilities.filter((capability) => !accepted.includes(capability));
}

/** Negative where the first is simpler: fewer burdens, or lighter ones where they are equally many. */
export function compareSimplicity(first: readonly Burden[], second: readonly Burden[]): number {
  if (first.length !== second.length) return first.length - second.length;
  const weights = (burdens: readonly Burden[]): number[] => burdens.map((burden) => byWeight.indexOf(burden));
  const [a, b] = [weights(first), weights(second)];
  const differing = a.findIndex((weight, index) => weight !== b[index]);
  return differing === -1 ? 0 : (b[differing] ?? 0) - (a[differing] ?? 0);
}
