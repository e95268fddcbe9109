/**
 * A machine that nobody has, for results that are made up.
 */
import type { Environment } from '../src/model/environment.ts';

export const imaginaryEnvironment: Environment = {
  node: '0.0.0',
  v8: '0.0',
  os: 'TestOS 1',
  arch: 'x64',
  cpuModel: 'Imaginary CPU',
  cores: 2,
  memoryBytes: 8e9,
  packages: {},
};
