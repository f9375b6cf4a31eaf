import { filesBelow, isTest } from '../../lib/source-files.ts';
import type { WorkspacePackage } from '../../lib/workspace.ts';

/**
 * How the files in a tarball differ from what its sources say must be there: the sources, all of them built, and
 * nothing else.
 */
export function contentProblems(
  { folder, manifest }: WorkspacePackage,
  files: readonly string[],
  workspace: string,
): string[] {
  const sources = filesBelow(workspace, `${folder}/src`, '.ts').filter((it) => !isTest(it));
  const expected = new Set([
    'LICENSE',
    'README.md',
    'package.json',
    ...(manifest.files?.includes('docs') === true ? ['docs/errors.md'] : []),
    ...sources.map((source) => source.slice(`${folder}/`.length)),
    ...sources.filter((it) => !it.endsWith('.d.ts')).flatMap((source) => outputs(source)),
  ]);
  const actual = new Set(files);
  // A changelog is there from the first release on.
  actual.delete('CHANGELOG.md');
  return [
    ...[...expected.difference(actual)].map((file) => `${manifest.name}: ${file} would not be published`),
    ...[...actual.difference(expected)].map((file) => `${manifest.name}: ${file} would be published`),
  ];
}

/** `dist/a/b.js` and its companions, of `packages/core/src/a/b.ts`. */
function outputs(source: string): string[] {
  const stem = source.replace(/^packages\/[^/]+\/src\//, 'dist/').replace(/\.ts$/, '');
  return ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => stem + ending);
}
