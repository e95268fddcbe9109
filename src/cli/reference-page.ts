/**
 * What the reference page has its readers do, how that is done here, and which test does it with the real thing behind
 * it: a server, a gateway, Locust, the program hey, a network namespace.
 *
 * Rows without figures; what the page states in figures is in bench/claims and is judged by measurements.
 */
export interface PageRow {
  readonly page: string;
  /** As it is typed, without the program's name. */
  readonly here: string;
  /** Path of a test in this repository. */
  readonly test: string;
}

export const pageRows: readonly PageRow[] = [
  {
    page: 'start benchmark servers in one process',
    here: 'servers --count 10 --start-port 9000',
    test: 'test/servers/stop.slow.test.ts',
  },
  { page: 'register them at the gateway', here: 'servers --register URL', test: 'test/servers/register.test.ts' },
  { page: 'start all of it', here: 'stack', test: 'test/servers/stack.test.ts' },
  { page: 'a baseline at the backend, then the gateway', here: 'hey --direct URL', test: 'test/cli/hey.slow.test.ts' },
  { page: 'hey.sh with its options', here: 'hey', test: 'test/cli/hey.test.ts' },
  { page: 'the program hey itself', here: 'hey --engine hey', test: 'test/cli/hey.slow.test.ts' },
  { page: 'a dry run, and a log', here: 'hey --dry-run', test: 'test/cli/hey.test.ts' },
  { page: 'load by Locust users', here: 'users', test: 'test/cli/users.slow.test.ts' },
  { page: 'presets: light, heavy, sustained, stress', here: 'users heavy', test: 'test/cli/users.test.ts' },
  {
    page: 'LOADTEST_HOST, _USERS, _SPAWN_RATE, _RUN_TIME, _PROCESSES',
    here: 'users',
    test: 'test/cli/users.test.ts',
  },
  {
    page: 'the page with its class picker',
    here: 'users --master',
    test: 'test/browser/locust-page.slow.test.ts',
  },
  {
    page: 'workers on other machines',
    here: 'users --worker --master-host HOST',
    test: 'test/users/locust-namespaces.slow.test.ts',
  },
  { page: 'HTML and CSV reports', here: 'report DIR --format csv', test: 'test/cli/users.slow.test.ts' },
  { page: 'look at kernel settings', here: 'tune check', test: 'test/cli/tune.test.ts' },
  { page: 'set them', here: 'tune apply', test: 'test/tuning/namespace.slow.test.ts' },
  { page: 'set them for every start', here: 'tune persist', test: 'test/cli/tune.test.ts' },
  { page: 'raise descriptor limits', here: 'tune limits', test: 'test/cli/tune.test.ts' },
  { page: 'a benchmark of the serializer', here: 'run', test: 'test/cli/run.test.ts' },
  { page: 'the same through the gateway', here: 'http', test: 'test/cli/http.slow.test.ts' },
];
