/**
 * The parser that ajv compiles from a JSON Type Definition: it checks types while it reads.
 *
 * A text that does not fit the definition is an error, so a correct result is also a validated one. Timestamps stay
 * strings, as `JSON.parse` leaves them. Deliberately absent: `parseDate`. Source: ajv's documentation, "JTD parsing".
 */
import type { ParseContender } from '../../src/model/contender.ts';

export default {
  kind: 'parse',
  title: 'ajv JTD parser',
  package: 'ajv',
  tier: 'thorough',
  capabilities: ['needs-schema', 'compiles-schema', 'leaves-text'],
  equality: 'json',
  async load() {
    const ajv = await import('ajv/dist/jtd.js');
    const compiler = new ajv.Ajv();
    return (input) => {
      const parse = compiler.compileParser(input.jtd());
      return {
        parseText(text): unknown {
          const value: unknown = parse(text);
          if (value === undefined) throw new SyntaxError(`${parse.message} at position ${parse.position}`);
          return value;
        },
      };
    };
  },
} satisfies ParseContender;
