import { EFFORT } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { BACKENDS } from '../backends/index.ts';
import { contractOptions } from './contract-options.ts';

test('every backend is tested at full effort, and at the longest one when asked for that', () => {
  expect(contractOptions({}, {})).toEqual({ effort: 'full', scenarioTimeoutMs: 300_000, roundTripMs: 4 });
  const { scenarioTimeoutMs } = EFFORT.long;
  for (const backend of BACKENDS) {
    expect(contractOptions(backend, { HOLDFAST_LONG: '1' })).toEqual({ effort: 'long', scenarioTimeoutMs });
  }
});

test('the only one that is not is a backend that is tested so already, opened in another way', () => {
  const others = BACKENDS.filter((backend) => contractOptions(backend, {}).effort !== 'full');
  expect(others.map(({ id, sameAs }) => [id, sameAs])).toEqual([['libsql-replica', 'libsql-remote']]);
  const same = BACKENDS.find(({ id }) => id === others[0]?.sameAs);
  expect(same && contractOptions(same, {}).effort).toBe('full');
});
