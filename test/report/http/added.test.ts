/**
 * What a server in front adds, in sentences that follow from a run's medians.
 */
import { describe, expect, it } from 'vitest';

import { reportAdded } from '../../../src/report/http/added.ts';
import { toRun } from '../../records.ts';
import { syntheticRun } from '../run/synthetic-run.ts';
import { syntheticHttpRun } from './synthetic-http.ts';

const run = toRun(syntheticHttpRun());

describe('what a server in front adds', () => {
  it('is said for each scenario, and for one alone', () => {
    const all = JSON.stringify(reportAdded({ run, contender: 'compiled' }));
    expect(all).toContain('it adds');
    expect(all).toContain('of processor time to the');
    const one = reportAdded({ run, contender: 'compiled', scenario: 'list-1000' });
    expect(one).toHaveLength(2);
    expect(JSON.stringify(one)).toContain('To 1,000 things');
  });

  it('is nothing where it was not measured', () => {
    expect(reportAdded({ run, contender: 'nobody' })).toEqual([]);
    expect(reportAdded({ run, contender: 'compiled', scenario: 'none' })).toEqual([]);
    expect(reportAdded({ run: toRun(syntheticRun()), contender: 'compiled' })).toEqual([]);
  });
});
