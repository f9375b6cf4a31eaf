import { afterAll, beforeAll, expect, test } from 'vitest';
import { full, howMany } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { countHistories } from './count-histories.ts';
import { makeCalls } from './make-calls.ts';
import { makeTransactions } from './make-transactions.ts';
import { VERSIONED } from './stores.ts';
import { Worker } from './worker.ts';

const histories = howMany(200);
const calls = full ? 1000 : 50;
/** Each makes about four calls. */
const transactions = Math.ceil(calls / 4);

/** Ends what hangs. */
const TIMEOUT = 3_600_000;

let other: Worker;
beforeAll(async () => {
  [other] = (await Worker.start('histories', 1)) as [Worker];
});
afterAll(() => other[Symbol.asyncDispose]());

const backends = VERSIONED.map((backend) => [backend.name, backend] as const);

test.for(backends)(
  `of ${histories} histories of ${calls} calls at once each has an order that explains it: %s`,
  { timeout: TIMEOUT },
  async ([where, backend], context) => {
    const { wrong, notApplied, ...counted } = await countHistories(backend, other, histories, makeCalls(calls));
    const counts = { histories, ...counted, 'not applied': notApplied, 'without an order': wrong.length };
    noteFigures(context, { promise: `histories of ${calls} calls`, where, counts });
    expect(wrong).toEqual([]);
    expect(counted.done).toBeGreaterThan((histories * calls) / 4);
  },
);

test.for(backends)(
  `the transactions of each of ${histories} histories of ${transactions} could have been done one after the other: %s`,
  { timeout: TIMEOUT },
  async ([where, backend], context) => {
    const { wrong, notApplied, ...counted } = await countHistories(
      backend,
      other,
      histories,
      makeTransactions(transactions),
    );
    const counts = { histories, ...counted, 'not applied': notApplied, 'without an order': wrong.length };
    noteFigures(context, { promise: `histories of ${transactions} transactions`, where, counts });
    expect(wrong).toEqual([]);
    expect(counted.done).toBeGreaterThan((histories * transactions) / 4);
  },
);
