import { SCENARIOS } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { needWords, notClaimed } from './needs.ts';
import { BYTE_ONLY, VERSIONED } from './testing/made-up-report.ts';

test('where everything is claimed nothing is missing', () => {
  for (const { id } of SCENARIOS) expect(notClaimed(id, VERSIONED)).toEqual([]);
});

test('what is missing is what the scenario needs and is not claimed', () => {
  expect(notClaimed('cas.storm-one-instance', BYTE_ONLY)).toEqual(['versioned', 'records']);
  expect(notClaimed('cas.storm-one-instance', { ...VERSIONED, records: false })).toEqual(['records']);
  expect(needWords(['versioned', 'records'])).toEqual(['versioned compare-and-swap', 'records']);
});

test('a scenario that does not exist is an error', () => {
  expect(() => notClaimed('cas.typo', VERSIONED)).toThrow('cas.typo');
});
