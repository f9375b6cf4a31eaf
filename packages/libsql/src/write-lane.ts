import { clock } from '@holdfast/core/adapter';
import { Lane } from '@holdfast/sql';
import { LaneWait, type LanePatience } from './lane-wait.ts';

/**
 * The line of those who write to one database file. Two that write at once through libSQL only get in each
 * other's way: the driver is synchronous, so the one that waits for a lock keeps the other from letting go of it.
 */
class WriteLane {
  readonly #lane = new Lane(1);
  readonly #present = new Set<LaneWait>();
  #blockedSince: number | undefined;

  /**
   * Runs something when all who came earlier are done.
   *
   * @throws HoldfastError `BUSY` when it did not come to that, since the file was locked by somebody outside of
   * the lane for too long meanwhile; else as {@link Lane.run}
   */
  async run<T>(work: () => Promise<T>, patience: LanePatience): Promise<T> {
    using wait = new LaneWait(patience);
    this.#present.add(wait);
    if (this.#blockedSince !== undefined) wait.blocked(this.#blockedSince);
    const runInTurn = (): Promise<T> => {
      wait.end();
      return work();
    };
    try {
      return await this.#lane.run(runInTurn, wait);
    } finally {
      this.#present.delete(wait);
      // What the last one saw means nothing to whoever comes later.
      if (this.#present.size === 0) this.free();
    }
  }

  /**
   * Notes whether the file was found locked by somebody outside of the lane. Those in the lane wait together, so
   * the time that the first of them waited counts for all who were there.
   *
   * @returns since when, on the clock of `performance.now()`
   */
  blocked(): number {
    if (this.#blockedSince === undefined) {
      this.#blockedSince = clock.now();
      for (const wait of this.#present) wait.blocked(this.#blockedSince);
    }
    return this.#blockedSince;
  }

  /** Notes that the file was not locked. */
  free(): void {
    if (this.#blockedSince === undefined) return;
    this.#blockedSince = undefined;
    for (const wait of this.#present) wait.free();
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
