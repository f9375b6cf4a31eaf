import type { Manifest, WorkspacePackage } from '../../lib/workspace.ts';

/** What a package that is found on npm must say about where it comes from; the workspace says where that is. */
export function manifestProblems({ folder, manifest }: WorkspacePackage, workspace: Manifest): string[] {
  const expected: Partial<Manifest> = {
    homepage: `https://www.npmjs.com/package/${manifest.name}`,
    ...(workspace.bugs && { bugs: workspace.bugs }),
    ...(workspace.repository && { repository: { ...workspace.repository, directory: folder } }),
  };
  const problems = (['homepage', 'bugs', 'repository'] as const)
    .filter((key) => JSON.stringify(manifest[key]) !== JSON.stringify(expected[key]))
    .map((key) => `${folder}/package.json: ${key} must be ${JSON.stringify(expected[key])}`);
  // There is none before the first release, and none may be missed after it.
  if (!manifest.files?.includes('CHANGELOG.md')) problems.push(`${folder}/package.json: files must name CHANGELOG.md`);
  for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
    // The next breaking release of a driver is for us to try, not for users.
    if (!/[<^~]/.test(range)) problems.push(`${folder}/package.json: the range of ${name}, ${range}, has no end`);
  }
  return problems;
}
