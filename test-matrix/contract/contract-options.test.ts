import { EFFORT } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { contractOptions } from './contract-options.ts';

test('every backend is tested at full effort, and at the longest one when asked for that', () => {
  expect(contractOptions({})).toEqual({ effort: 'full', scenarioTimeoutMs: 300_000 });
  const { scenarioTimeoutMs } = EFFORT.long;
  expect(contractOptions({ HOLDFAST_LONG: '1' })).toEqual({ effort: 'long', scenarioTimeoutMs });
});
