import { compareBackends, replayFrom, type ComparisonEffort } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { selectBackends } from '../backends/selection.ts';

const minutes = 60_000;

const long = process.env['HOLDFAST_LONG'] === '1';

const effort: ComparisonEffort = long
  ? { sequences: 150, operations: 300, timeLimitMs: 30 * minutes }
  : { sequences: 6, operations: 80, timeLimitMs: 6 * minutes };

const { selected, leftOut } = selectBackends();
if (leftOut.length > 0) console.log(`Left out of the comparison: ${leftOut.map(({ id }) => id).join(', ')}`);

test(
  `the same random operations have the same results on ${selected.map(({ id }) => id).join(', ')}`,
  async () => {
    expect(selected).not.toEqual([]);
    await compareBackends(selected, effort, { replay: replayFrom() });
  },
  effort.timeLimitMs + minutes,
);
