import { runInNewContext } from 'node:vm';
import { HoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { ContractViolation } from './check.ts';
import { failureOf } from './failure.ts';

const bug = new TypeError('rows is not iterable');
const lost = new HoldfastError('OUTCOME_UNKNOWN', 'the reply was lost', { outcome: 'unknown', cause: bug });
const REASON = 'ContractViolation: expected a put\nCaused by TypeError: rows is not iterable';

test('what failed is told with the deepest cause, also one that a HoldfastError keeps from logs', () => {
  expect(failureOf(new ContractViolation('expected a put', { cause: lost }))).toEqual({ reason: REASON, deepest: bug });
});

test('so is a cause that an error of another realm has, and of several that failed together the first', () => {
  const foreign = runInNewContext('new Error("outer", { cause: bug })', { bug }) as Error;
  expect(failureOf(foreign)).toEqual({
    reason: 'Error: outer\nCaused by TypeError: rows is not iterable',
    deepest: bug,
  });
  expect(failureOf(new AggregateError([bug, new Error('other')], 'all failed')).deepest).toBe(bug);
});

test('an error without a cause is all there is to tell, and so is what is no error', () => {
  expect(failureOf(bug)).toEqual({ reason: 'TypeError: rows is not iterable', deepest: bug });
  expect(failureOf('nonsense')).toEqual({ reason: 'nonsense', deepest: 'nonsense' });
  expect(failureOf(Object.create(null)).reason).toBe('a object that cannot be shown');
});

test('causes that go round in a circle, and one that throws when it is looked at, end', () => {
  const first = new Error('first');
  const second = new Error('second', { cause: first });
  first.cause = second;
  expect(failureOf(first).deepest).toBe(second);
  const trap = Object.defineProperty(new Error('trap'), 'cause', {
    get: () => {
      throw new Error('looked at');
    },
  });
  expect(failureOf(trap).deepest).toBe(trap);
});
