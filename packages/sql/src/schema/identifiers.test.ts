import { isHoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { checkIdentifier } from './identifiers.ts';

test.each(['a', '_', 'holdfast_', 'A1_b', 'x'.repeat(63)])('%j is a name', (name) => {
  expect(checkIdentifier('tablePrefix', name)).toBe(name);
});

test.each([
  '',
  '1a',
  'a-b',
  'a.b',
  'a b',
  'a"b',
  "a'b",
  'a;b',
  'a`b',
  'a\0b',
  'a\n',
  'ä',
  'ａ',
  'x'.repeat(64),
  '"; drop table x; --',
  undefined,
  null,
  7,
  ['a'],
  { toString: () => 'a' },
])('%j is no name, and is not repeated in the message', (name) => {
  const error = thrown(() => checkIdentifier('tablePrefix', name));
  expect(isHoldfastError(error, 'INVALID_ARGUMENT')).toBe(true);
  expect((error as Error).message).toContain('tablePrefix must be');
  expect((error as Error).message).not.toContain('drop');
});

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
