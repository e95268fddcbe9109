import { describe, expect, it } from 'vitest';

import { chooseHttpSuites, type HttpSelection } from '../../src/load/choose-suites.ts';
import type { Profile, Registered } from '../../src/model/bench-module.ts';
import type { HttpSuite } from '../../src/model/http.ts';
import { allScenarios } from './scenarios.ts';

const contenders = ['a', 'b'].map((serializer) => ({ id: serializer, title: serializer, settings: { serializer } }));
const base = { url: '', title: 'T', question: 'Q?', reference: 'a', contenders } as const;
const suites: Registered<HttpSuite>[] = [
  { ...base, id: 'first', order: 1, tier: 'quick', sweeps: true },
  {
    ...base,
    id: 'second',
    order: 2,
    tier: 'standard',
    scenarios: ['tools-100', 'tools-5000'],
    contenders: [{ id: 'a', title: 'A', settings: { serializer: 'a', cache: true } }],
  },
];

const choose = (selection: HttpSelection = {}, profile: Profile = 'standard') =>
  chooseHttpSuites({ profile, selection, suites, scenarios: allScenarios });
const pairsOf = (...args: Parameters<typeof choose>): string[] =>
  choose(...args).suites.flatMap(({ id, scenarios }) => scenarios.map((scenario) => `${id}/${scenario}`));

describe('chooseHttpSuites', () => {
  it('takes what the profile has, and of a suite with scenarios of its own only those', () => {
    expect(pairsOf({}, 'quick')).toEqual(['first/tools-100', 'first/tools-1000']);
    expect(pairsOf().filter((pair) => pair.startsWith('second'))).toEqual(['second/tools-100', 'second/tools-5000']);
    expect(choose().scenarios.map(({ id }) => id)).toContain('mix');
  });

  it('takes a suite by name whatever the profile, and narrows scenarios down', () => {
    expect(pairsOf({ suite: ['second'] }, 'quick')).toEqual(['second/tools-100']);
    expect(pairsOf({ scenario: ['tools-5000', 'events'] })).toEqual([
      'first/tools-5000',
      'first/events',
      'second/tools-5000',
    ]);
    expect(choose({ scenario: ['events'] }).scenarios.map(({ id }) => id)).toEqual(['events']);
  });

  it('asks an MCP server for what it can answer alone, whatever the profile', () => {
    const site = { id: 'host', title: 'host' };
    expect(pairsOf({ site, mcp: true }, 'quick').toSorted()).toEqual(['site/rpc-tool-call', 'site/rpc-tools-list']);
    expect(() => choose({ site, mcp: true, scenario: ['tools-100'] })).toThrow("'tools-100'");
  });

  it('keeps scenarios that no other server could answer to the suites that name them', () => {
    const named = allScenarios.filter(({ isNamed }) => isNamed === true).map(({ id }) => id);
    expect(named).toContain('forwarded-tools-50');
    expect(pairsOf({}, 'thorough').filter((pair) => named.includes(pair.replace(/^.*\//, '')))).toEqual([]);
    const own = { ...suites[1], id: 'own', scenarios: ['forwarded-tools-50', 'tools-100'] } as (typeof suites)[number];
    const chosen = chooseHttpSuites({ profile: 'standard', selection: {}, suites: [own], scenarios: allScenarios });
    expect(chosen.suites.flatMap(({ scenarios }) => scenarios).toSorted()).toEqual(['forwarded-tools-50', 'tools-100']);
  });

  it('puts other serializers into suites that compare nothing else', () => {
    const [only, ...others] = choose({ serializer: ['c', 'a'] }).suites;
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      id: 'first',
      reference: 'c',
      contenders: [{ id: 'c', settings: { serializer: 'c' } }, { id: 'a' }],
    });
    expect(() => choose({ suite: ['second'], serializer: ['a'] })).toThrow(
      '--serializer goes with a suite that compares serializers',
    );
  });

  it('measures a server that runs already in a suite of its own', () => {
    const [only, ...others] = choose({ site: { id: 'host', title: 'host' } }).suites;
    expect(others).toEqual([]);
    expect(only).toMatchObject({ reference: 'host', contenders: [{ id: 'host' }], sweeps: true });
  });

  it('refuses unknown names and an empty plan', () => {
    expect(() => choose({ suite: ['frist'] })).toThrow("unknown suite 'frist'");
    expect(() => choose({ scenario: ['tools-9'] })).toThrow("unknown scenario 'tools-9'");
    expect(() => choose({ suite: ['second'], scenario: ['events'] })).toThrow('there is nothing to measure');
  });
});
