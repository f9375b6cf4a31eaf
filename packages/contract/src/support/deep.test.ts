import { expect, test } from 'vitest';
import { runDeep, type Deep } from './deep.ts';

function* sumUpTo(most: number): Deep<number> {
  return most === 0 ? 0 : most + (yield sumUpTo(most - 1));
}

function* fibonacci(nth: number): Deep<number> {
  return nth < 2 ? nth : (yield fibonacci(nth - 1)) + (yield fibonacci(nth - 2));
}

test('a recursion goes deeper than a stack', () => {
  expect(runDeep(sumUpTo(100_000))).toBe(5_000_050_000);
});

test('each call goes on with what its own calls have returned', () => {
  expect(runDeep(fibonacci(15))).toBe(610);
});

test('what a call throws reaches who ran it', () => {
  function* failing(depth: number): Deep<number> {
    if (depth === 0) throw new RangeError('deep down');
    return yield failing(depth - 1);
  }
  expect(() => runDeep(failing(5))).toThrow('deep down');
});
