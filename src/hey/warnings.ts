/**
 * What a user should know before a load begins, and that keeps nobody from making it.
 */
import type { Engine } from './engine.ts';
import type { Header } from './plan.ts';
import { isSecret } from './secrets.ts';
import type { HeySettings, Target, TypedOptions } from './settings.ts';

/** Sentences without a full stop; none of them shows a secret. */
export function warnOf(request: {
  settings: HeySettings;
  options: Pick<TypedOptions, 'requests' | 'concurrency' | 'header'>;
  engine: Engine;
  /** Names of the options that were typed. */
  given: ReadonlySet<string>;
}): string[] {
  const { settings, options, engine, given } = request;
  const { asked, direct, volume, connections } = settings;
  const typed = namesOfSecrets(asked.headers.filter(({ name }) => isTyped(name, options.header ?? [])));
  const secrets = namesOfSecrets(asked.headers);
  return [
    ...(typed === ''
      ? []
      : [`-H has a secret (${typed}): ${publicArguments}; --token-env takes a token out of a variable`]),
    ...(engine.commandLine === undefined || secrets === ''
      ? []
      : [`${engine.title} gets a secret (${secrets}) in its arguments: ${publicArguments}`]),
    ...(volume.kind === 'requests' && connections < options.concurrency
      ? [
          `${connections} requests need no more than ${connections} connections, so -c ${options.concurrency} is not reached`,
        ]
      : []),
    ...(volume.kind === 'time' && given.has('requests') ? ['-n does not count beside -z'] : []),
    ...[asked, ...(direct === undefined ? [] : [direct])].flatMap(warnOfPayload),
  ];
}

const publicArguments = 'everybody on this machine can read the arguments of a process';

function namesOfSecrets(headers: readonly Header[]): string {
  return [...new Set(headers.filter(isSecret).map(({ name }) => name))].join(', ');
}

function isTyped(name: string, headers: readonly string[]): boolean {
  return headers.some((header) => header.trimStart().toLowerCase().startsWith(`${name.toLowerCase()}:`));
}

function warnOfPayload({ payload, headers }: Target): string[] {
  if (payload.kind !== 'file') return [];
  const type = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  if (!/\bjson\b/i.test(type)) return [];
  try {
    JSON.parse(payload.bytes.toString());
    return [];
  } catch {
    return [`${payload.file} is sent as ${type} and is no JSON`];
  }
}
