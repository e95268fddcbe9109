/**
 * The contract under every setting there is.
 */
import { compressionNames } from '../../src/gateway/responses/compression.ts';
import { serializerNames } from '../../src/gateway/responses/serializers.ts';
import { describeContract } from './contract-cases.ts';

describeContract(
  serializerNames.flatMap((serializer) =>
    compressionNames.flatMap((compression) =>
      [false, true].map((cache) => ({ serializer, compression, cache, compressionMinimumBytes: 200, keepAlive: true })),
    ),
  ),
);
