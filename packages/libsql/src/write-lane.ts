import type { OperationContext } from '@holdfast/core/adapter';
import { Lane } from '@holdfast/sql';

/**
 * The line of those who write to one database file. Two that write at once through libSQL only get in each
 * other's way: the driver is synchronous, so the one that waits for a lock keeps the other from letting go of it.
 */
class WriteLane {
  readonly #lane = new Lane(1);
  #blockedSince: number | undefined;

  /** Runs something when all who came earlier are done; throws as {@link Lane.run}. */
  run<T>(work: () => Promise<T>, context: Pick<OperationContext, 'signal'>): Promise<T> {
    return this.#lane.run(work, context);
  }

  /**
   * Notes whether the file was found locked by somebody outside of the lane. Those in the lane wait together, so
   * the time that the first of them waited counts for all who were there.
   *
   * @returns since when, on the clock of `performance.now()`
   */
  blocked(): number {
    this.#blockedSince ??= performance.now();
    return this.#blockedSince;
  }

  /** Notes that the file was not locked. */
  free(): void {
    this.#blockedSince = undefined;
  }
}

interface Shared {
  readonly lane: WriteLane;
  users: number;
}

const lanes = new Map<string, Shared>();

/** A use of the lane of a file, until it is disposed of. */
export interface WriteLaneUse extends Disposable {
  readonly lane: WriteLane;
}

/**
 * The lane that all instances of this process on one file share.
 *
 * @param file the path as SQLite resolved it; `''` for a database in memory, which shares with nobody
 */
export function useWriteLane(file: string): WriteLaneUse {
  if (file === '') return { lane: new WriteLane(), [Symbol.dispose]: () => {} };
  const shared = lanes.get(file) ?? { lane: new WriteLane(), users: 0 };
  lanes.set(file, shared);
  shared.users += 1;
  return {
    lane: shared.lane,
    [Symbol.dispose]() {
      shared.users -= 1;
      if (shared.users === 0) lanes.delete(file);
    },
  };
}
