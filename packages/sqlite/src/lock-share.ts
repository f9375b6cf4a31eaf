import { clock } from '@holdfast/core/adapter';

/** Over how long a connection's share of the lock is measured, in milliseconds. */
const WINDOW_MS = 20;

/** The share beyond which it makes room. Quick commits leave more than the rest of it between them. */
const MOST = 0.85;

/** How long it makes room for, in milliseconds: less than a tenth of its time. */
const REST_MS = 1.5;

/**
 * How much of the time one connection has the write lock. Nobody is told when the lock becomes free, so one
 * connection that commits without a pause would hardly ever be found without it by another process.
 */
export class LockShare {
  #since = clock.now();
  #heldMs = 0;
  #restUntil = 0;

  /** Notes that the lock was held for so long, until now. */
  held(milliseconds: number): void {
    const now = clock.now();
    this.#heldMs += milliseconds;
    const windowMs = now - this.#since;
    if (windowMs < WINDOW_MS) return;
    if (this.#heldMs > MOST * windowMs) this.#restUntil = now + REST_MS;
    this.#since = now;
    this.#heldMs = 0;
  }

  /** For how long the connection should leave the lock alone from now on, in milliseconds; 0 most of the time. */
  restMs(): number {
    return this.#restUntil === 0 ? 0 : Math.max(0, this.#restUntil - clock.now());
  }
}
