/**
 * What differs between a package.json and what pnpm makes of it: optional dependencies are optional peers in the published
 * package, and TypeDoc has a TypeScript of its own.
 *
 * Here they may fail to compile without ending the installation; elsewhere nobody should have to compile them who did
 * not ask for them.
 */
export const hooks = {
  // TypeDoc reads sources by the compiler's API, which TypeScript 7 does not have.
  readPackage(manifest) {
    if (manifest.name !== 'typedoc') return manifest;
    const { typescript: _, ...peerDependencies } = manifest.peerDependencies;
    return { ...manifest, peerDependencies, dependencies: { ...manifest.dependencies, typescript: '6.0.3' } };
  },

  beforePacking({ optionalDependencies = {}, ...manifest }) {
    const names = Object.keys(optionalDependencies);
    if (names.length === 0) return manifest;
    const peers = Object.fromEntries(names.map((name) => [name, `^${optionalDependencies[name]}`]));
    const optional = Object.fromEntries(names.map((name) => [name, { optional: true }]));
    return {
      ...manifest,
      peerDependencies: { ...manifest.peerDependencies, ...peers },
      peerDependenciesMeta: { ...manifest.peerDependenciesMeta, ...optional },
    };
  },
};
