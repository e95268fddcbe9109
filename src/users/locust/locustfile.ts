/**
 * The file that Locust's master needs: classes with their names and weights and nothing else. What users do is known to
 * the workers alone.
 */
import type { WeightedUserClass } from '../../model/users.ts';

/** @param classes whose names are names in Python, too. */
export function writeLocustfile(classes: readonly Pick<WeightedUserClass, 'name' | 'weight' | 'title'>[]): string {
  const bodies = classes.map(({ name, weight, title }) =>
    [
      `class ${name}(User):`,
      `    """${title}"""`,
      `    weight = ${weight}`,
      '',
      '    @task',
      '    def done_by_workers(self):',
      '        pass',
    ].join('\n'),
  );
  return [
    '# Made by wirebench: its workers know what these users do.',
    'from locust import User, task',
    '',
    '',
    bodies.join('\n\n\n'),
    '',
  ].join('\n');
}
