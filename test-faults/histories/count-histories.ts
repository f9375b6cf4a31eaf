import type { FaultProxy } from '@holdfast/contract';
import { isHoldfastError } from '@holdfast/core';
import type { VersionedBackend } from './stores.ts';
import type { Worker } from './worker.ts';
import { Workplace } from './workplace.ts';

/** What one history was made of. */
export interface HistoryCounts {
  /** What was done or seen. */
  readonly done: number;
  /** What was refused, or not applied for another reason. */
  readonly notApplied: number;
  readonly unknown: number;
}

/** What all histories on one backend were made of. */
export interface AllCounted extends HistoryCounts {
  /** How often something was done to a connection. */
  readonly faults: number;
  /** Why there is no order that explains a history, of each that has none. */
  readonly wrong: readonly string[];
}

/** Records one history at a place, and checks it; its number makes it another one. */
export type MakeHistory = (place: Workplace, nth: number) => Promise<HistoryCounts>;

/** Makes histories on one store of a backend, while a proxy in front of its server ends, cuts and delays what is said. */
export async function countHistories(
  backend: VersionedBackend,
  other: Worker,
  histories: number,
  makeHistory: MakeHistory,
): Promise<AllCounted> {
  await using place = await Workplace.open(backend, other);
  const all = { done: 0, notApplied: 0, unknown: 0, wrong: [] as string[] };
  for (let nth = 0; nth < histories; nth += 1) {
    try {
      const { done, notApplied, unknown } = await makeHistory(place, nth);
      all.done += done;
      all.notApplied += notApplied;
      all.unknown += unknown;
    } catch (error) {
      all.wrong.push(
        `history ${nth}: ${isHoldfastError(error) ? `${error.code} ${String(error.stack)}` : String(error)}`,
      );
    }
  }
  return { ...all, faults: place.proxy?.counts.faults ?? 0 };
}

/** Does work while connections break: about so many messages lie between two of the same kind. Afterwards they are well. */
export async function whileTheyBreak<T>(
  proxy: FaultProxy | undefined,
  nth: number,
  work: () => Promise<T>,
): Promise<T> {
  // Each fifth history is one of connections that are well.
  if (proxy !== undefined && nth % 5 !== 4) {
    const every = 40 + ((nth * 37) % 100);
    const share = (nth % 7) / 7;
    const times = Infinity;
    proxy.add({ on: 'replies', at: { message: every, share }, effect: 'reset', times });
    proxy.add({ on: 'requests', at: { message: every + 13, share }, effect: nth % 2 === 0 ? 'end' : 'reset', times });
    proxy.add({ on: 'replies', at: { message: 31 }, effect: { delayMs: 1 + (nth % 4) }, times });
    proxy.add({ on: 'replies', at: { message: 5 * every }, effect: 'reset', connections: 'all', times });
  }
  try {
    return await work();
  } finally {
    proxy?.clear();
  }
}
