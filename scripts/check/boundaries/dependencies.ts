import type { WorkspacePackage } from '../../lib/workspace.ts';

/** What the published code of a package may import, by what its manifest says. */
export function runtimeDependencies({ manifest }: WorkspacePackage): Set<string> {
  return new Set([...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})]);
}

/** What anything in the folder of a package may import, by what its manifest says. */
export function declaredDependencies(it: WorkspacePackage): Set<string> {
  return runtimeDependencies(it).union(new Set(Object.keys(it.manifest.devDependencies ?? {})));
}
