import { EFFORT } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { contractOptions } from './contract-options.ts';

test.each([
  ['quick', undefined],
  ['long', '1'],
] as const)('the tests of the matrix are at %s effort where HOLDFAST_LONG is %s', (effort, long) => {
  const { scenarioTimeoutMs } = EFFORT[effort];
  expect(contractOptions('postgres', { HOLDFAST_LONG: long })).toEqual({ effort, scenarioTimeoutMs });
});

test('with all other tests, what does much is left to the matrix, but on memory and in a file of SQLite', () => {
  const environment = { HOLDFAST_ALL_TESTS: '1' };
  expect(contractOptions('postgres', environment).only).not.toContain('model.many');
  for (const id of ['memory', 'sqlite-file']) expect(contractOptions(id, environment)).not.toHaveProperty('only');
  expect(contractOptions('postgres', { ...environment, HOLDFAST_LONG: '1' })).not.toHaveProperty('only');
});
