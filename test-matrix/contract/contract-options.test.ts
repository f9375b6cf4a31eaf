import { EFFORT } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { contractOptions } from './contract-options.ts';

test.each([
  ['quick', undefined],
  ['long', '1'],
] as const)('the tests of the matrix are at %s effort where HOLDFAST_LONG is %s', (effort, long) => {
  const { scenarioTimeoutMs } = EFFORT[effort];
  expect(contractOptions({ HOLDFAST_LONG: long })).toEqual({ effort, scenarioTimeoutMs });
});
