import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { checkSize, sizeProblem } from './size.ts';

const lines = (count: number) => 'const x = 1;\n'.repeat(count);

test('a file of 300 lines passes and one of 301 does not', () => {
  expect(sizeProblem('packages/a/src/b.ts', lines(300))).toBeUndefined();
  expect(sizeProblem('packages/a/src/b.ts', lines(301))).toBe('packages/a/src/b.ts: 301 lines, where 300 are the most');
});

test('a long file that says why passes', () => {
  const text = `// Over 300 lines because it is one table.\n${lines(400)}`;
  expect(sizeProblem('packages/a/src/b.ts', text)).toBeUndefined();
  expect(sizeProblem('packages/a/src/b.ts', text.replace('it is one table.', ''))).toBeDefined();
});

test('tests may be longer than sources', () => {
  expect(sizeProblem('packages/a/src/b.test.ts', lines(500))).toBeUndefined();
  expect(sizeProblem('packages/a/test/b.ts', lines(501))).toBeDefined();
});

test('files of every package and of the scripts are looked at, generated ones are not', () => {
  using workspace = temporaryFolder({
    'packages/a/package.json': '{ "name": "a" }',
    'packages/a/src/long.ts': lines(301),
    'packages/a/dist/long.ts': lines(301),
    'scripts/long.ts': lines(301),
  });
  expect(checkSize(workspace.path).map((it) => it.split(':')[0])).toEqual([
    'packages/a/src/long.ts',
    'scripts/long.ts',
  ]);
});
