import { expect, test } from 'vitest';
import { invalidArgument } from './invalid-argument.ts';

test('the message names the argument, the rule and the kind', () => {
  expect(invalidArgument('limit', 'a number', 'secret')).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'limit must be a number; got a string',
  });
});
