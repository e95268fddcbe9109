/**
 * Which profile a module of bench/ belongs to: its tier names the smallest, and larger ones have it too.
 */
import type { Profile } from '../model/bench-module.ts';

/** Profiles from the smallest to the largest. */
export const profileOrder: readonly Profile[] = ['quick', 'standard', 'thorough'];

/** True where a module of this tier is part of the profile. */
export function isWithin(tier: Profile, profile: Profile): boolean {
  return profileOrder.indexOf(tier) <= profileOrder.indexOf(profile);
}
