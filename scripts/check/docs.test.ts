import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { checkDocs } from './docs.ts';

function problemsIn(files: Record<string, string>): string[] {
  const manifest = JSON.stringify({ name: '@holdfast/a', exports: { '.': {}, './extra': {}, './package.json': '' } });
  const sources = Object.entries({ 'index.ts': '', 'extra.ts': '', ...files });
  using workspace = temporaryFolder({
    'packages/a/package.json': manifest,
    ...Object.fromEntries(sources.map(([name, text]) => [`packages/a/src/${name}`, text])),
  });
  return checkDocs(workspace.path);
}

test('an export without a doc comment is reported where it is declared', () => {
  const problems = problemsIn({
    'index.ts': `export { one } from './one.ts';\nexport type { Two } from './one.ts';`,
    'one.ts': `/** One. */\nexport const one = 1;\n\nexport interface Two {}`,
  });
  expect(problems).toEqual(['packages/a/src/one.ts:4: Two has no doc comment']);
});

test('every entry of a package is looked at', () => {
  expect(problemsIn({ 'extra.ts': 'export function f() {}' })).toEqual([
    'packages/a/src/extra.ts:1: f has no doc comment',
  ]);
});

test('renaming and passing on are followed to the declaration', () => {
  const problems = problemsIn({
    'index.ts': `export { b as c } from './one.ts';`,
    'one.ts': `import { a } from './two.ts';\nexport { a as b };`,
    'two.ts': `class A {}\nexport { A as a };`,
  });
  expect(problems).toEqual(['packages/a/src/two.ts:1: A has no doc comment']);
});

test('of overloads, and of a type that shares the name of a value, one needs a comment', () => {
  const documented = `/** One. */\nexport type one = 1;\nexport const one = 1;
    /** Two. */\nexport function two(it: string): void;\nexport function two(it: number): void;\nexport function two() {}`;
  expect(problemsIn({ 'index.ts': documented })).toEqual([]);
  expect(problemsIn({ 'index.ts': documented.replaceAll('/**', '/*') })).toHaveLength(2);
});

test('a comment that is empty, or that something stands after, documents nothing', () => {
  expect(problemsIn({ 'index.ts': '/** */\nexport const one = 1;' })).toHaveLength(1);
  expect(problemsIn({ 'index.ts': '/** One. */\nlet other;\nexport const one = 1;' })).toHaveLength(1);
});

test('a default export needs a comment as well', () => {
  expect(problemsIn({ 'index.ts': 'export default class {}' })).toHaveLength(1);
  expect(problemsIn({ 'index.ts': '/** It. */\nexport default class {}' })).toEqual([]);
});

test('an entry may not export everything of a file', () => {
  expect(problemsIn({ 'index.ts': `export * from './one.ts';`, 'one.ts': '' })).toEqual([
    'packages/a/src/index.ts:1: an entry names what it exports; `export *` hides it',
  ]);
});

test('what comes from another package is documented there', () => {
  expect(problemsIn({ 'index.ts': `export { other } from '@holdfast/other';` })).toEqual([]);
});

test('an export that is declared nowhere is reported', () => {
  expect(problemsIn({ 'index.ts': `export { gone } from './one.ts';`, 'one.ts': '' })).toEqual([
    'packages/a/src/one.ts: gone is exported, but its declaration was not found',
  ]);
});

test('a link of a README that leads nowhere on npm is reported', () => {
  const manifest = JSON.stringify({ name: '@holdfast/a', exports: {} });
  using workspace = temporaryFolder({
    'packages/a/package.json': manifest,
    'packages/a/README.md': '[b](../b) [c](https://example.com) [d](#d)',
    'packages/b/package.json': manifest,
  });
  expect(checkDocs(workspace.path)).toEqual(['packages/a/README.md links to ../b']);
});
