/**
 * The command that repeats one cell of a gate session, quoted so that bash and zsh take every name as it is.
 * Options that the session's own settings would choose the same way are left out.
 */
import { replaceUnsafe } from '../../foreign-text.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type { GateSession } from '../../model/gate.ts';

/** What the command calls a candidate that is no commit. */
const workingTree = 'working tree';

/** One line, ready to be pasted; it compares with a working tree where the session did. */
export function tellRepeatCommand(
  session: Pick<GateSession, 'baseline' | 'candidate' | 'invocation'>,
  cell: MicroCellId,
): string {
  const { baseline, candidate, invocation } = session;
  return tellGateCommand({
    base: baseline.commit,
    head: candidate.ref === workingTree ? undefined : candidate.commit,
    cell,
    invocation,
  });
}

/**
 * @param request.head `undefined` for the working tree.
 * @param request.invocation that of wirebench's own checkout where it is not known.
 */
export function tellGateCommand(request: {
  base: string;
  head: string | undefined;
  cell: MicroCellId;
  invocation: string | undefined;
}): string {
  const { base, head, cell, invocation = 'npx -y pnpm@12 bench:gate' } = request;
  const options: readonly (readonly [string, string | number])[] = [
    ['base', base],
    ...(head === undefined ? [] : [['head', head] as const]),
    ['suite', cell.suite],
    ['contender', cell.contender],
    ['payload', cell.payload],
    ['items', cell.items],
    ['variant', cell.variant],
    ['sink', cell.sink],
  ];
  return [invocation, ...options.map(([name, value]) => `--${name} ${quote(`${value}`)}`)].join(' ');
}

function quote(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  // Such characters would act on the terminal that shows the command, so they are spelled out.
  const spelled = replaceUnsafe(argument.replaceAll(/[\\']/g, String.raw`\$&`), spellOut);
  if (replaceUnsafe(argument, () => '') !== argument) return `$'${spelled}'`;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

function spellOut(character: string): string {
  const digits = (character.codePointAt(0) ?? 0).toString(16);
  return digits.length > 4 ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
