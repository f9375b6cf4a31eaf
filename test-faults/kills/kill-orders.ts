import type { StoreAt } from '../load/open-store.ts';

/** What a child that writes is told. */
export interface KillOrders {
  readonly store: StoreAt;
  /** The file of its journal. */
  readonly journal: string;
  readonly prefix: string;
  readonly lane: number;
  /** Greater than the number of every write before. */
  readonly first: number;
}
