import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { contentProblems } from './contents.ts';

const memory = { folder: 'packages/memory', published: true, manifest: { name: '@holdfast/memory' } };
const complete = [
  'LICENSE',
  'README.md',
  'package.json',
  ...['index', 'a/b'].flatMap((stem) => [
    `src/${stem}.ts`,
    ...['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => `dist/${stem}${ending}`),
  ]),
];

function problemsOf(files: readonly string[]): string[] {
  using workspace = temporaryFolder({
    'packages/memory/src/index.ts': '',
    'packages/memory/src/a/b.ts': '',
    'packages/memory/src/a/b.test.ts': '',
    'packages/memory/src/a/b.test-d.ts': '',
  });
  return contentProblems(memory, files, workspace.path);
}

test('a tarball with what was built of every source passes', () => {
  expect(problemsOf(complete)).toEqual([]);
  expect(problemsOf([...complete, 'CHANGELOG.md'])).toEqual([]);
});

test('a file that is missing and a file too many are reported', () => {
  expect(problemsOf(complete.filter((it) => it !== 'dist/a/b.d.ts'))).toEqual([
    '@holdfast/memory: dist/a/b.d.ts would not be published',
  ]);
  expect(problemsOf([...complete, 'dist/a/gone.js', 'dist/.tsbuildinfo'])).toEqual([
    '@holdfast/memory: dist/a/gone.js would be published',
    '@holdfast/memory: dist/.tsbuildinfo would be published',
  ]);
});
