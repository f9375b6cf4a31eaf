import { isHoldfastError } from '@holdfast/core';

/** What a caller was told of a write: it landed, it did not, it did not since its expectation did not hold, or nobody knows. */
export type Told = 'landed' | 'not-applied' | 'mismatch' | 'unknown';

/** What callers of a network that fails may hear. */
const OF_NETWORKS: readonly string[] = [
  'TIMEOUT',
  'UNAVAILABLE',
  'OUTCOME_UNKNOWN',
  'BUSY',
  'RETRIES_EXHAUSTED',
  'VERSION_MISMATCH',
];

/** What callers have been told, all in all. */
export class Tally {
  landed = 0;
  'not-applied' = 0;
  mismatch = 0;
  unknown = 0;
  /** What nobody should hear: codes that say nothing of a network, and what is no error of ours. */
  readonly odd: string[] = [];

  /** Waits for a write, and counts what its caller is told. */
  async of<T>(write: Promise<T>): Promise<{ readonly told: Told; readonly value?: T }> {
    try {
      const value = await write;
      this.landed += 1;
      return { told: 'landed', value };
    } catch (error) {
      const told = this.#toldBy(error);
      this[told] += 1;
      return { told };
    }
  }

  /** Waits for a read; `undefined` if it failed. */
  async read<T>(read: Promise<T>): Promise<{ readonly value: T } | undefined> {
    try {
      return { value: await read };
    } catch (error) {
      this.#toldBy(error);
      return undefined;
    }
  }

  #toldBy(error: unknown): Told {
    if (!isHoldfastError(error)) {
      this.odd.push(String(error));
      return 'unknown';
    }
    if (!OF_NETWORKS.includes(error.code)) this.odd.push(`${error.code} ${error.outcome}: ${error.message}`);
    if (error.code === 'VERSION_MISMATCH') return 'mismatch';
    return error.outcome === 'not-applied' ? 'not-applied' : 'unknown';
  }
}
