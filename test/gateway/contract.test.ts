/**
 * The contract under each serializer, compressed and cached; the slow tests have the other settings.
 */
import { serializerNames } from '../../src/gateway/settings.ts';
import { describeContract } from './contract-cases.ts';

describeContract(
  serializerNames.map((serializer) => ({
    serializer,
    compression: 'gzip',
    cache: true,
    compressionMinimumBytes: 200,
    keepAlive: true,
  })),
);
