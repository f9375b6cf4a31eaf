import type { WorkspacePackage } from '../../lib/workspace.ts';

/** What the published code of a package may import, by what its manifest says. */
export function runtimeDependencies({ manifest }: WorkspacePackage): Set<string> {
  return new Set([...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})]);
}

/** What users have to install for the published code of a package. */
export function requiredDependencies(it: WorkspacePackage): Set<string> {
  const optional = Object.entries(it.manifest.peerDependenciesMeta ?? {}).filter(([, meta]) => meta.optional === true);
  return runtimeDependencies(it).difference(new Set(optional.map(([name]) => name)));
}

/** What anything in the folder of a package may import, by what its manifest says. */
export function declaredDependencies(it: WorkspacePackage): Set<string> {
  return runtimeDependencies(it).union(new Set(Object.keys(it.manifest.devDependencies ?? {})));
}
