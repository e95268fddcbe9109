/**
 * The process that imports the modules of one side and describes them: the job comes on stdin, the answer leaves on
 * file descriptor 3. It runs on the side's own Node.js, with an environment that holds no secrets.
 *
 * What a module prints goes nowhere near the report, and whatever it does to this process ends with it: it is killed by
 * itself as soon as it has answered, so that nothing runs at its exit.
 */
import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import type {
  ContenderData,
  Description,
  DescriptionError,
  DescriptionJob,
  PayloadData,
  SuiteData,
} from './description.ts';
import { listRequests } from './description.ts';
import { messageOf } from '../../foreign-text.ts';
import { corpusDirectory, writeCorpus } from '../../measure/materialize.ts';
import type { Registered } from '../../model/bench-module.ts';
import type { Contender } from '../../model/contender.ts';
import type { Payload } from '../../model/payload.ts';
import type { Suite } from '../../model/suite.ts';
import type { Registry } from '../../registry/registry.ts';
import { loadContenders, loadHarness } from '../../registry/registry.ts';
import { readConfig } from '../../store/config-file.ts';
import { UserError } from '../../user-error.ts';
import { addOwn, loadProjectContenders, loadProjectPayloads } from '../../registry/project-modules.ts';

const answerDescriptor = 3;

const job = JSON.parse(await text(process.stdin)) as DescriptionJob;
answer(await describe(job));

async function describe(asked: DescriptionJob): Promise<Description | DescriptionError> {
  let part: DescriptionError['error']['part'] = 'contenders';
  try {
    const config = await readConfig(asked.directory);
    const contenders = await loadOwnContenders(asked, config);
    part = 'harness';
    const harness =
      asked.harnessRoot === undefined
        ? undefined
        : await loadOwnHarness(asked.harnessRoot, { directory: asked.directory, config });
    if (harness !== undefined) writeCatalogs(harness, asked);
    const own = contenders.map(describeContender);
    const items = [...(asked.items ?? []), ...(config.gate?.cells ?? []).flatMap((selection) => selection.items ?? [])];
    const requests = asked.requests ?? (harness === undefined ? undefined : listRequests(harness.payloads, items));
    return {
      config,
      contenders: own,
      ...(harness === undefined
        ? {}
        : { payloads: harness.payloads.map(describePayload), suites: harness.suites.map(describeSuite) }),
      ...(requests === undefined ? {} : { requests, refusals: listRefusals(contenders, requests) }),
      ...(harness === undefined ? {} : { members: listMembers(harness, asked.candidates ?? own, asked.recordings) }),
    };
  } catch (error) {
    const message = messageOf(error).replaceAll(asked.directory, '');
    return {
      error: { part, message, ...(error instanceof UserError && error.hint !== undefined ? { hint: error.hint } : {}) },
    };
  }
}

async function loadOwnContenders(
  { contenderRoot, directory }: DescriptionJob,
  config: Awaited<ReturnType<typeof readConfig>>,
): Promise<Registered<Contender>[]> {
  const builtIn = contenderRoot === undefined ? [] : await loadContenders(new URL(contenderRoot));
  const all = addOwn({ what: 'contender', builtIn, own: await loadProjectContenders({ config, directory }) });
  if (all.length > 0) return all;
  throw new UserError(
    'there are none: neither is wirebench installed, nor does wirebench.config name any, nor is there a bench/contenders',
  );
}

async function loadOwnHarness(
  root: string,
  project: Parameters<typeof loadProjectPayloads>[0],
): Promise<Pick<Registry, 'payloads' | 'suites'>> {
  const { payloads, suites } = await loadHarness(new URL(root));
  return { payloads: addOwn({ what: 'payload', builtIn: payloads, own: await loadProjectPayloads(project) }), suites };
}

function describeContender(contender: Registered<Contender>): ContenderData {
  return take(contender, ['id', 'kind', 'title', 'package', 'tier', 'capabilities', 'equality', 'beside', 'python']);
}

function describePayload(payload: Registered<Payload>): PayloadData {
  const refusal = payload.unsupported?.();
  return {
    ...take(payload, ['id', 'title', 'where', 'role', 'tier', 'sizes', 'variants', 'list', 'fixedSizes', 'frame']),
    revives: payload.revive !== undefined,
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function describeSuite(suite: Registered<Suite>): SuiteData {
  return {
    ...take(suite, ['id', 'title', 'question', 'order', 'reference', 'tier', 'method']),
    sinks: suite.method === 'latency' ? suite.sinks : [],
  };
}

/** Some fields of a module; those that it does not have get no key. */
function take<T extends object, K extends keyof T>(module: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    names.flatMap((name) => (module[name] === undefined ? [] : [[name, module[name]]])),
  ) as Pick<T, K>;
}

function listRefusals(
  contenders: readonly Registered<Contender>[],
  requests: NonNullable<DescriptionJob['requests']>,
): NonNullable<Description['refusals']> {
  return Object.fromEntries(
    contenders.map((contender) => [
      contender.id,
      requests.flatMap((request, index): (readonly [number, string])[] => {
        const reason = contender.unsupported?.(request);
        return reason === undefined ? [] : [[index, reason]];
      }),
    ]),
  );
}

function listMembers(
  { payloads, suites }: Pick<Registry, 'payloads' | 'suites'>,
  candidates: readonly ContenderData[],
  recordings: readonly PayloadData[] = [],
): NonNullable<Description['members']> {
  // A suite asks for kinds, roles and capabilities, never for functions.
  const all = [...payloads, ...(recordings as unknown as readonly Registered<Payload>[])];
  return Object.fromEntries(
    suites.map((suite) => [
      suite.id,
      {
        contenders: candidates
          .filter((contender) => suite.contenders(contender as unknown as Registered<Contender>))
          .map(({ id }) => id),
        payloads:
          suite.method === 'observation' ? [] : all.filter((payload) => suite.payloads(payload)).map(({ id }) => id),
      },
    ]),
  );
}

function writeCatalogs({ payloads }: Pick<Registry, 'payloads'>, { catalogs }: DescriptionJob): void {
  if (catalogs === undefined) return;
  const { directory, seed, count, wanted } = catalogs;
  for (const { payload: id, items } of wanted) {
    const payload = payloads.find((each) => each.id === id);
    if (payload === undefined) throw new UserError(`there is no payload '${id}'`);
    writeCorpus({ directory: corpusDirectory(directory, payload, items), payload, items, seed, catalogs: count });
  }
}

function answer(description: Description | DescriptionError): void {
  const bytes = Buffer.from(JSON.stringify(description));
  for (let written = 0; written < bytes.length;) written += writeSync(answerDescriptor, bytes, written);
  process.kill(process.pid, 'SIGKILL');
}
