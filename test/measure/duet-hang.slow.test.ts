/**
 * Who gets the blame for a duet that is ended at its time limit.
 *
 * The limit is one for all processes of a duet, so it has to leave the honest ones more time than any machine needs.
 */
import { describe, expect, it } from 'vitest';

import { armOf, statusesOf, troubledArm, useStage } from './duets.ts';

const stage = useStage();
const timeLimitMs = 30_000;
const hung = 'failed: gave no answer within 30 s and was ended';

describe('an arm that hangs', () => {
  it('is ended at the time limit before it is ready', async () => {
    const result = await stage().duetOf([armOf('honest'), armOf('hanger')], { timeLimitMs });
    expect(statusesOf(result)).toEqual(['ok', hung]);
  });

  // The time limit ends both processes together, so only the order of questions tells the guilty one from the other.
  it.each([0, 1])('alone gets the blame in a block, in place %i', async (place) => {
    const arms = [armOf('honest')];
    arms.splice(place, 0, troubledArm('hang'));
    const result = await stage().duetOf(arms, { timeLimitMs });
    expect(statusesOf(result)).toEqual(place === 0 ? [hung, 'ok'] : ['ok', hung]);
  });
});
