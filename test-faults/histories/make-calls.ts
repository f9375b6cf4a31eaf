import { checkRegister, type CallMix, type RegisterEvent } from '@holdfast/contract';
import { whileTheyBreak, type HistoryCounts, type MakeHistory } from './count-histories.ts';
import { doWork } from './work.ts';

/** How many keys there are, in one history and another: few meet often. */
const KEYS = [1, 2, 3, 5];

/** Lengths of bodies, in bytes. */
const LENGTHS = [...Array<number>(15).fill(10), 5_000];

/** Random calls of all kinds on a few keys, and for each key a check that one order explains them. */
export function makeCalls(calls: number): MakeHistory {
  return async (place, nth) => {
    const paths = Array.from({ length: KEYS[nth % KEYS.length] as number }, (_, key) => `/calls-${nth}/${key}`);
    const part = (names: string, workers: number): Omit<CallMix, 'openAnother'> => ({
      names,
      workers,
      calls: Math.ceil(calls / 8),
      seed: nth * 10 + workers,
      paths,
      lengths: LENGTHS,
      interrupted: nth % 3 !== 0,
      patienceMs: nth % 2 === 0 ? 3 : 30,
      unreliable: place.proxy !== undefined,
    });
    const work = (names: string, workers: number) => ({ does: 'calls', mix: part(names, workers) }) as const;
    const parts = await whileTheyBreak(place.proxy, nth, () => place.do(work('1.', 5), work('2.', 3)));
    // What landed later than its caller was told shows now.
    const last = await doWork(work('3.', 0), [place.looker]);
    const counts = { done: 0, notApplied: 0, unknown: 0 };
    for (const path of paths) {
      const events = [...parts, last].flatMap((report) => new Map(report).get(path) ?? []);
      for (const event of events) counts[kindOf(event)] += 1;
      checkRegister(events, path);
    }
    return counts;
  };
}

function kindOf(event: RegisterEvent): keyof HistoryCounts {
  if (event.call !== 'write' || event.outcome === 'done') return 'done';
  return event.outcome === 'unknown' ? 'unknown' : 'notApplied';
}
