/**
 * A response of the project's own as a module: the document as it came, and room to generate others.
 */
import { showText } from '../../foreign-text.ts';
import type { OwnSample, Project } from '../project.ts';

export function payloadPathOf({ modules }: Pick<Project, 'modules'>, { name }: Pick<OwnSample, 'name'>): string {
  return `bench/payloads/${name}.${modules === 'esm' ? 'ts' : 'mjs'}`;
}

export function writePayload({ modules }: Pick<Project, 'modules'>, sample: OwnSample): string {
  const { name, described, value, nativeSchema } = sample;
  const isTyped = modules === 'esm';
  const how = nativeSchema === undefined ? 'as it is' : 'with the Dates and UUIDs that its schema has formats for';
  return [
    '/**',
    ` * A response of this project, from ${showText(described).replaceAll('*/', '* /')}, measured ${how}.`,
    ' *',
    ' * With a second parameter, the number of items, `generate` can make responses of any size.',
    ' */',
    ...(isTyped ? ["import type { UserPayload } from 'wirebench';"] : []),
    '',
    // Without its type a compiler would give items of several shapes fields that are undefined, which no JSON has.
    `const response${isTyped ? ": ReturnType<UserPayload['generate']>" : ''} = ${writeLiteral(value)};`,
    '',
    ...(nativeSchema === undefined ? [] : [`const schema = ${writeLiteral(nativeSchema)};`, '']),
    ...(isTyped ? ['export default {'] : ["/** @type {import('wirebench').UserPayload} */", 'export default {']),
    `  title: '${name}',`,
    ...(nativeSchema === undefined ? [] : ['  schema,', "  variants: ['native'],"]),
    '  generate: () => response,',
    isTyped ? '} satisfies UserPayload;' : '};',
    '',
  ].join('\n');
}

/** JSON is JavaScript, but for one key, which would set a prototype. */
function writeLiteral(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.includes('"__proto__"') ? `JSON.parse(${JSON.stringify(JSON.stringify(value))})` : text;
}
