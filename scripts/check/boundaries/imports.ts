import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { importsOf, type Import } from '../../lib/imports.ts';
import { parse } from '../../lib/parse.ts';
import { filesBelow, isTest } from '../../lib/source-files.ts';
import type { WorkspacePackage } from '../../lib/workspace.ts';
import { declaredDependencies, runtimeDependencies } from './dependencies.ts';
import { isOurs, standalone } from './rules.ts';

/** Where the files of a package import what they may not. */
export function importProblems(
  importer: WorkspacePackage,
  packages: readonly WorkspacePackage[],
  workspace: string,
): string[] {
  return filesBelow(workspace, importer.folder, '.ts').flatMap((file) =>
    importsOf(parse(workspace, file)).flatMap((it) => {
      const problem = problemOf(it, file, importer, packages);
      return problem === undefined ? [] : [`${file}:${it.line}: ${problem}`];
    }),
  );
}

function problemOf(
  { specifier }: Import,
  file: string,
  importer: WorkspacePackage,
  packages: readonly WorkspacePackage[],
): string | undefined {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    return target.startsWith(`${importer.folder}/`) ? undefined : `${specifier} is outside of the package`;
  }
  const name = packageOf(specifier);
  if (isOurs(name) && !isPublic(specifier, name, packages)) return `${specifier} is not an entry of a package`;

  if (importer.published && !isTest(file)) {
    if (importer.folder === standalone) return `${specifier} is not part of this package, which stands alone`;
    if (isBuiltin(specifier)) return specifier.startsWith('node:') ? undefined : `write node:${specifier}`;
    return runtimeDependencies(importer).has(name) ? undefined : `${name} is no dependency or peer dependency`;
  }
  // The tools of the tests are dependencies of the workspace; only our own packages are worth a rule.
  if (!isOurs(name) || name === importer.manifest.name) return undefined;
  return declaredDependencies(importer).has(name) ? undefined : `${name} is not a dependency`;
}

/** `@scope/name` of `@scope/name/sub/path`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isPublic(specifier: string, name: string, packages: readonly WorkspacePackage[]): boolean {
  const exports = packages.find((it) => it.manifest.name === name)?.manifest.exports ?? {};
  return `.${specifier.slice(name.length)}` in exports;
}
