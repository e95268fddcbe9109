/**
 * The contract under every setting there is.
 */
import { compressionNames, serializerNames } from '../../src/gateway/settings.ts';
import { describeContract } from './contract-cases.ts';

describeContract(
  serializerNames.flatMap((serializer) =>
    compressionNames.flatMap((compression) =>
      [false, true].map((cache) => ({ serializer, compression, cache, compressionMinimumBytes: 200, keepAlive: true })),
    ),
  ),
);
