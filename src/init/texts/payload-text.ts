/**
 * A response of the project's own as a module: the document as it came, and room to generate others.
 */
import { showText } from '../../foreign-text.ts';
import type { OwnSample, Project } from '../project.ts';

export function payloadPathOf({ modules }: Pick<Project, 'modules'>, { name }: Pick<OwnSample, 'name'>): string {
  return `bench/payloads/${name}.${modules === 'esm' ? 'ts' : 'mjs'}`;
}

export function writePayload({ modules }: Pick<Project, 'modules'>, sample: OwnSample): string {
  const { name, described, value } = sample;
  const isTyped = modules === 'esm';
  return [
    '/**',
    ` * A response of this project, from ${showText(described).replaceAll('*/', '* /')}, measured as it is.`,
    ' *',
    ' * With a second parameter, the number of items, `generate` can make responses of any size.',
    ' */',
    ...(isTyped ? ["import type { UserPayload } from 'wirebench';"] : []),
    '',
    ...(isTyped ? ['export default {'] : ["/** @type {import('wirebench').UserPayload} */", 'export default {']),
    `  title: '${name}',`,
    '  generate: () => response,',
    isTyped ? '} satisfies UserPayload;' : '};',
    '',
  ]
    .join('\n')
    .replace('export default {', `const response = ${writeLiteral(value)};\n\nexport default {`);
}

/** JSON is JavaScript, but for one key, which would set a prototype. */
function writeLiteral(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.includes('"__proto__"') ? `JSON.parse(${JSON.stringify(JSON.stringify(value))})` : text;
}
