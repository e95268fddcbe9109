/**
 * json-pack's `JsonEncoder`: JSON text written straight into a byte buffer, with no string in between.
 *
 * The library writes `null` for every object that is neither plain, an array nor bytes, and offers `writeUnknown` as
 * the place to do better; the subclass here asks `toJSON` there, as `JSON.stringify` does. The package is not installed with
 * this one, because a part of it is under the AGPL-3.0 only; it takes part where the project has it. Deliberately absent: a
 * `stringify`, since the library has none and decoding its bytes again would measure something nobody does.
 */
import type { SerializeContender } from '../../src/model/contender.ts';

export default {
  kind: 'serialize',
  title: 'json-pack',
  package: '@jsonjoy.com/json-pack',
  tier: 'thorough',
  capabilities: [],
  equality: 'bytes',
  note: 'JsonEncoder with writeUnknown overridden to call toJSON, for Dates and UUIDs.',
  unsupported({ sink }) {
    return sink === 'string' ? 'it writes bytes only; its bytes are in the table for bytes' : undefined;
  },
  async load() {
    const [{ JsonEncoder }, { CborEncoderFast }] = await Promise.all([
      import('@jsonjoy.com/json-pack/lib/json/JsonEncoder.js'),
      import('@jsonjoy.com/json-pack/lib/cbor/CborEncoderFast.js'),
    ]).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
      throw new Error(
        '@jsonjoy.com/json-pack is not installed; a part of it is under the AGPL-3.0 only, so it takes part where your project has it',
        { cause: error },
      );
    });
    class GatewayEncoder extends JsonEncoder {
      override writeUnknown(value: unknown): void {
        if (typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function') {
          this.writeAny(value.toJSON());
        } else super.writeUnknown(value);
      }
    }
    // JsonEncoder has no default writer, and the package hands out its own only inside an encoder that has one.
    return () => {
      const encoder = new GatewayEncoder(new CborEncoderFast().writer);
      return { encode: (value) => encoder.encode(value) };
    };
  },
  usage: {
    install: ['@jsonjoy.com/json-pack'],
    imports: [
      "import { CborEncoderFast } from '@jsonjoy.com/json-pack/lib/cbor/CborEncoderFast.js';",
      "import { JsonEncoder } from '@jsonjoy.com/json-pack/lib/json/JsonEncoder.js';",
    ],
    setup: [
      'class ResponseEncoder extends JsonEncoder {',
      '  // The library writes null for what it does not know, such as a Date.',
      '  writeUnknown(value) {',
      "    if (typeof value?.toJSON === 'function') this.writeAny(value.toJSON());",
      '    else super.writeUnknown(value);',
      '  }',
      '}',
      '',
      '// The package hands out its writer only inside an encoder that has one.',
      'const encoder = new ResponseEncoder(new CborEncoderFast().writer);',
      'const encode = (value) => {',
      '  const bytes = encoder.encode(value);',
      '  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);',
      '};',
    ],
    serializer: 'encode',
  },
} satisfies SerializeContender;
