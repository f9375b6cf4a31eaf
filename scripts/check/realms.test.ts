import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { checkRealms } from './realms.ts';

function problemsIn(files: Record<string, string>): string[] {
  using workspace = temporaryFolder({
    'packages/a/package.json': JSON.stringify({ name: '@holdfast/a' }),
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`packages/a/src/${name}`, text])),
  });
  return checkRealms(workspace.path);
}

const ADVICE = 'denies what is of another realm; ask as packages/core/src/realms does';

test('nothing that is published asks for a class of another realm', () => {
  expect(checkRealms()).toEqual([]);
});

test('asking for what the language, Node or a driver makes is reported', () => {
  const text = `import { DatabaseError } from 'pg';
export const isIt = (it: unknown) => it instanceof Error;
export class A { is = (it: unknown, of: { Error: typeof Error }) =>
  it instanceof DatabaseError || it instanceof of.Error };`;
  expect(problemsIn({ 'deep/a.ts': text })).toEqual([
    `packages/a/src/deep/a.ts:2: \`it instanceof Error\` ${ADVICE}`,
    `packages/a/src/deep/a.ts:4: \`it instanceof DatabaseError\` ${ADVICE}`,
    `packages/a/src/deep/a.ts:4: \`it instanceof of.Error\` ${ADVICE}`,
  ]);
});

test('asking for a class of the project is none of it, and neither is what tests ask', () => {
  const text = `import { Base } from '@holdfast/core';
import { Other } from './other.ts';
export class Own {}
export const isIt = (it: unknown) => it instanceof Own || it instanceof Other || it instanceof Base;`;
  expect(problemsIn({ 'a.ts': text, 'a.test.ts': '({}) instanceof Error;' })).toEqual([]);
});
