import { expect, test } from 'vitest';
import { fieldNames, issuePath, type FieldPath } from './field-names.ts';

test.each<[readonly FieldPath[], string]>([
  [[['spent']], 'spent'],
  [[['tags', 0]], 'tags[0]'],
  [[['tags', 0, 'name'], ['spent']], 'tags[0].name, spent'],
  [[[0, 'a']], '[0].a'],
  [[['a'], ['a']], 'a'],
  [[[]], 'the record as a whole'],
  [[], ''],
])('%j is named', (paths, names) => {
  expect(fieldNames(paths)).toBe(names);
});

test.each<FieldPath>([
  ['ann@example.org'],
  ['postgres://u:p@h'],
  ['two words'],
  ['x'.repeat(65)],
  [Symbol('secret')],
  [''],
  [-1],
  [0.5],
])('a name that may be a value is not shown: %#', (step) => {
  expect(fieldNames([['users', step, 'age']])).toBe('users[…].age');
});

test('no more fields and steps are named than anybody reads', () => {
  const many = Array.from({ length: 10 }, (_, index) => [`f${index}`]);
  expect(fieldNames(many)).toBe('f0, f1, f2, f3, f4, f5, f6, f7 and 2 more');
  expect(fieldNames([Array(10_000).fill('a')])).toBe('a.a.a.a.a.a.a.a…');
});

test('a schema may give its steps as objects, and nonsense', () => {
  expect(issuePath({ message: '', path: [{ key: 'a' }, 0] })).toEqual(['a', 0]);
  expect(issuePath({ message: '' })).toEqual([]);
  expect(issuePath({ message: '', path: 'a' as never })).toEqual([]);
});
