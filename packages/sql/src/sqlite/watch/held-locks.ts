import { closeSync, openSync } from 'node:fs';
import { unlessRefused } from './descriptors.ts';
import { readHeldLocks, type HeldLockState } from './held-lock-state.ts';

/** The locks that a process has through one descriptor, as Linux tells them. */
export class HeldLocks {
  /** What it reads from: `readHeldLocks` reads the same, on any thread. */
  readonly info: number;

  private constructor(info: number) {
    this.info = info;
  }

  /**
   * Those of a descriptor of a `-shm` file in use; `undefined` where they cannot be told.
   *
   * @throws HoldfastError `UNAVAILABLE` while the process may open nothing more
   */
  static of(descriptor: number): HeldLocks | undefined {
    if (process.platform !== 'linux') return undefined;
    const info = unlessRefused(() => openSync(`/proc/self/fdinfo/${descriptor}`, 'r'));
    if (info === undefined) return undefined;
    const locks = new HeldLocks(info);
    if (locks.read()?.present === true) return locks;
    locks.close();
    return undefined;
  }

  /** Which of them are held now; `undefined` when the descriptor is gone. */
  read(): HeldLockState | undefined {
    return readHeldLocks(this.info);
  }

  /** Lets go of what it reads from. */
  close(): void {
    closeSync(this.info);
  }
}
