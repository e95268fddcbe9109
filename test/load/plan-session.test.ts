import { describe, expect, it } from 'vitest';

import { chooseHttpSuites } from '../../src/load/choose-suites.ts';
import { planHttpSession } from '../../src/load/plan-session.ts';
import { estimateHttpPlanMs, type HttpPlan } from '../../src/load/plan.ts';
import { fewestWindows } from '../../src/load/profiles.ts';
import type { HttpContender, HttpScenario } from '../../src/model/http.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { allScenarios, scenariosById } from './scenarios.ts';

const { http: suites = [] } = await loadRegistry();

interface Selection {
  readonly scenario?: readonly string[];
  readonly site?: HttpContender;
}

function planSuites(selection: Selection): HttpPlan['suites'] {
  const chosen = chooseHttpSuites({ profile: 'standard', selection, suites, scenarios: allScenarios });
  const site = selection.site === undefined ? {} : { site: { url: 'http://127.0.0.1:1' } };
  const header = { ...chosen, ...site, profile: 'standard' as const, seed: 1 };
  return planHttpSession(header, { env: {}, metrics: [] }).suites;
}

function twinsOf(selection: Selection): (string | undefined)[] {
  return planSuites(selection).map(({ twinIn }) => twinIn);
}

describe('planHttpSession', () => {
  it('has a second server of the reference in one scenario of one suite', () => {
    const [first, ...others] = twinsOf({});
    expect(first).toBe('tools-100');
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter((twinIn) => twinIn !== undefined)).toEqual([]);
  });

  it('has it in the scenario that there is', () => {
    expect(twinsOf({ scenario: ['export', 'tools-5000'] })).toEqual(['tools-5000']);
  });

  it('has further rounds of the headline, in the first suite', () => {
    const [first, ...others] = planSuites({}).map(({ headline }) => headline);
    expect(first).toEqual(['tools-100', 'tools-1000', 'tools-5000']);
    expect(others.flat()).toEqual([]);
  });

  it('has further rounds of all that was asked for where none of it is of the headline', () => {
    expect(planSuites({ scenario: ['export', 'mix'] })[0]?.headline).toEqual(['export', 'mix']);
  });

  it("has none beside a server of the user's, of which there is one", () => {
    expect(twinsOf({ site: { id: 'site', title: 'site' } })).toEqual([undefined]);
  });
});

describe('estimateHttpPlanMs', () => {
  const [realistic] = scenariosById(['realistic-user']);

  /** One server in one round. */
  function estimateOf(rateWindowMs: number): number {
    const scenario: HttpScenario = { ...(realistic as HttpScenario), rateWindowMs };
    const contender = { id: 'a', title: 'a', settings: { serializer: 'json-stringify' } };
    const suite = { id: 'users', title: '', question: '', reference: 'a', contenders: [contender] };
    const header = { suites: [{ ...suite, scenarios: [scenario.id] }], scenarios: [scenario], seed: 1 };
    const rounds = { fewest: 1, most: 1 };
    return estimateHttpPlanMs(planHttpSession({ ...header, profile: 'standard', rounds }, { env: {}, metrics: [] }));
  }

  it('knows that long windows at a fixed rate come at least so many times', () => {
    const rates = realistic?.rates?.length ?? 0;
    expect(rates).toBeGreaterThan(0);
    expect(estimateOf(20_000) - estimateOf(10_000)).toBe(rates * fewestWindows * 10_000);
  });
});
