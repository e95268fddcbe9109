/**
 * What differs between a package.json and what pnpm makes of it: in the published package optional dependencies are
 * optional peers, and peers accept any version; TypeDoc has a TypeScript of its own.
 *
 * Here they may fail to compile without ending the installation; elsewhere nobody should have to compile them who did
 * not ask for them. npm holds a project to the range of an optional peer even where the project never uses it for this:
 * beside an older fastify it refuses to install, and after `--legacy-peer-deps` its own `npm ci` refuses the lockfile.
 * So the versions that the program wants stand in a field of its own, and the program itself checks them.
 */
export const hooks = {
  // TypeDoc reads sources by the compiler's API, which TypeScript 7 does not have.
  readPackage(manifest) {
    if (manifest.name !== 'typedoc') return manifest;
    const { typescript: _, ...peerDependencies } = manifest.peerDependencies;
    return { ...manifest, peerDependencies, dependencies: { ...manifest.dependencies, typescript: '6.0.3' } };
  },

  beforePacking(whole) {
    // The serializer, which is packed from here too, is written for the one version of its only peer.
    if (whole.name !== 'wirebench') return whole;
    const { optionalDependencies = {}, peerDependencies = {}, ...manifest } = whole;
    const optional = Object.fromEntries(
      Object.entries(optionalDependencies).map(([name, version]) => [name, `^${version}`]),
    );
    const optionalPackages = { ...peerDependencies, ...optional };
    const all = (value) => Object.fromEntries(Object.keys(optionalPackages).map((name) => [name, value]));
    return {
      ...manifest,
      peerDependencies: all('*'),
      peerDependenciesMeta: all({ optional: true }),
      optionalPackages,
    };
  },
};
