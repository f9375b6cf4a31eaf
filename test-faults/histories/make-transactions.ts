import { checkTransactions, recordLastReads, type TransactionMix } from '@holdfast/contract';
import { whileTheyBreak, type MakeHistory } from './count-histories.ts';

/** How many keys there are: few enough to meet, and more than one transaction reads. */
const KEYS = 6;

/** Random transactions, commits and reads of several keys, and a check that they could have been done one after the other. */
export function makeTransactions(transactions: number): MakeHistory {
  return async (place, nth) => {
    const paths = Array.from({ length: KEYS }, (_, key) => `/transactions-${nth}/${key}`);
    const part = (name: string, workers: number): TransactionMix => ({
      name,
      workers,
      transactions: Math.ceil(transactions / 8),
      seed: nth * 10 + workers,
      paths,
      interrupted: nth % 3 !== 0,
      patienceMs: nth % 2 === 0 ? 3 : 30,
      unreliable: place.proxy !== undefined,
    });
    const work = (name: string, workers: number) => ({ does: 'transactions', mix: part(name, workers) }) as const;
    const parts = await whileTheyBreak(place.proxy, nth, () => place.do(work('here.', 5), work('elsewhere.', 3)));
    const events = parts.flat();
    checkTransactions([...events, ...(await recordLastReads([place.looker], paths, events))]);
    const count = (outcome: string): number => events.filter((event) => event.outcome === outcome).length;
    return { done: count('committed'), notApplied: count('not-applied'), unknown: count('unknown') };
  };
}
