/**
 * What holds of every class in bench/users, whoever adds one.
 */
import { beforeAll, describe, expect, it } from 'vitest';

import type { Registered } from '../../src/model/bench-module.ts';
import type { UserClass } from '../../src/model/users.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { chooseClasses } from '../../src/users/choose-classes.ts';
import { poolNames } from '../../src/users/requests/pools.ts';
import { unknownPlaceholders } from '../../src/users/requests/task.ts';

let known: readonly Registered<UserClass>[] = [];

beforeAll(async () => {
  known = (await loadRegistry()).users ?? [];
});

describe('classes of users', () => {
  it('have names that are names in Python too, each once', () => {
    const names = known.map(({ name }) => name);
    expect(names.filter((name) => !/^[A-Z][A-Za-z0-9]*$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(0);
  });

  it('have tasks with names of their own, positive weights and at least one step', () => {
    for (const { tasks } of known) {
      expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length);
      for (const { weight, steps } of tasks) {
        expect(Number.isInteger(weight) && weight > 0).toBe(true);
        expect(steps.length).toBeGreaterThan(0);
      }
    }
  });

  it('name nothing in their requests that nobody knows', () => {
    const unknown = known.flatMap(({ name, tasks }) =>
      tasks.flatMap((task) =>
        unknownPlaceholders(task, poolNames).map((placeholder) => `${name}, ${task.name}: {${placeholder}}`),
      ),
    );
    expect(unknown).toEqual([]);
  });

  it('wait for some time', () => {
    const wrong = known.filter(({ wait }) =>
      wait.kind === 'between' ? wait.maxSeconds < wait.minSeconds : wait.tasksPerSec <= 0,
    );
    expect(wrong).toEqual([]);
  });
});

describe('the classes of a load', () => {
  it('are those with a weight, as the page has it or the code', () => {
    const page = chooseClasses({ known, names: undefined, table: 'page' });
    const code = chooseClasses({ known, names: undefined, table: 'contextforge' });
    expect(page.map(({ weight }) => weight)).toEqual([5, 30, 10, 15, 5, 1, 20, 10]);
    expect(code.map(({ weight }) => weight)).toEqual([1, 5, 3, 4, 1, 1, 5, 10]);
    expect(page.map(({ name }) => name)).toEqual(code.map(({ name }) => name));
  });

  it('are those that are named, by either name, whether they have a weight or not', () => {
    const chosen = chooseClasses({ known, names: ['HighThroughputUser', 'fast-time'], table: 'page' });
    expect(chosen.map(({ name, weight }) => `${name} ${weight}`)).toEqual(['FastTimeUser 20', 'HighThroughputUser 1']);
  });

  it('refuses a name that no class has, and offers the nearest', () => {
    expect(() => chooseClasses({ known, names: ['FastTimeUsr'], table: 'page' })).toThrow(
      "unknown class of users 'FastTimeUsr'",
    );
  });
});
