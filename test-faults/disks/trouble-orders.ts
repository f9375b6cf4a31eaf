import type { StoreAt } from '../load/open-store.ts';

/** What a process is told that writes through trouble. */
export interface TroubleOrders {
  readonly trouble: 'full-disk' | 'short-files' | 'no-descriptors' | 'read-only';
  readonly store: StoreAt;
  /** Where the store is, and nothing else. */
  readonly directory: string;
  readonly times: number;
}

/** What it says at the end. */
export interface TroubleTold {
  readonly times: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
  /** Reads, and attempts to open the store once more. */
  readonly elseRefused: number;
  /** What writes, reads and openings failed with, and how often. */
  readonly errors: Readonly<Record<string, number>>;
  /** Everything that must not be, in words. */
  readonly wrong: readonly string[];
  /** Of those, how many are acknowledged writes that are not there. */
  readonly lost: number;
}
