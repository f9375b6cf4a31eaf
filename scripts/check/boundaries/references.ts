import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { WorkspacePackage } from '../../lib/workspace.ts';
import { declaredDependencies, runtimeDependencies } from './dependencies.ts';

/** Where the project references of the compiler differ from the dependencies of the packages. */
export function referenceProblems(packages: readonly WorkspacePackage[], workspace: string): string[] {
  const projects = packages.map((it) => it.folder);
  const builds = packages.filter((it) => it.published).map((it) => `${it.folder}/tsconfig.build.json`);
  const expected = new Map([
    ['tsconfig.json', [...projects, 'scripts']],
    ['tsconfig.build.json', builds],
    ...packages.flatMap((it) => projectsOf(it, packages)),
  ]);
  return [...expected].flatMap(([file, references]) => differences(file, references, workspace));
}

function projectsOf(it: WorkspacePackage, packages: readonly WorkspacePackage[]): [string, string[]][] {
  const own = `${it.folder}/tsconfig.build.json`;
  // What is not published is not built either; whoever uses it checks its sources along with their own.
  const builds = (names: ReadonlySet<string>) =>
    packages
      .filter((other) => other.published && names.has(other.manifest.name))
      .map((other) => `${other.folder}/tsconfig.build.json`);

  if (!it.published) return [[`${it.folder}/tsconfig.json`, builds(declaredDependencies(it))]];
  return [
    [`${it.folder}/tsconfig.json`, [own, `${it.folder}/tsconfig.test.json`]],
    [own, builds(runtimeDependencies(it))],
    [`${it.folder}/tsconfig.test.json`, [own, ...builds(declaredDependencies(it))]],
  ];
}

function differences(file: string, expected: readonly string[], workspace: string): string[] {
  if (!existsSync(join(workspace, file))) return [`${file}: is missing`];
  const { references = [] } = JSON.parse(readFileSync(join(workspace, file), 'utf8')) as {
    references?: { path: string }[];
  };
  const actual = references.map(({ path }) => posix.join(posix.dirname(file), path));
  return [
    ...expected.filter((it) => !actual.includes(it)).map((it) => `${file}: must reference ${it}`),
    ...actual.filter((it) => !expected.includes(it)).map((it) => `${file}: references ${it}, which is no dependency`),
  ];
}
