/**
 * Which classes of users take part in a load, and with which weights.
 */
import type { Registered } from '../model/bench-module.ts';
import type { UserClass, WeightedUserClass, WeightTable } from '../model/users.ts';
import { unknownName } from '../user-error.ts';

/** What a class counts that has no weight of its own and was named. */
const weightOfNamed = 1;

/**
 * Those that are named, or all that have a weight.
 * @param request.names of classes or of their files. @param request.table whose weights.
 * @returns at least one, in the order of reports.
 * @throws {UserError} for a name that no class has.
 */
export function chooseClasses(request: {
  known: readonly Registered<UserClass>[];
  names: readonly string[] | undefined;
  table: WeightTable;
}): WeightedUserClass[] {
  const { known, names, table } = request;
  for (const name of names ?? []) {
    if (known.every((one) => one.name !== name && one.id !== name))
      throw unknownName({ what: 'class of users', name, choices: known.map((one) => one.name) });
  }
  return known.flatMap((userClass) => {
    const { id, name, title, wait, tasks, weights } = userClass;
    const isNamed = names?.some((one) => one === id || one === name) === true;
    const weight = weights[table] ?? (isNamed ? weightOfNamed : undefined);
    return weight === undefined || (names !== undefined && !isNamed) ? [] : [{ name, title, wait, tasks, weight }];
  });
}
