import type { StoreAt } from '../load/open-store.ts';

/** A backend whose clients are killed. */
export interface KilledBackend {
  /**
   * Where the stores of the two processes are that write at once, given a directory that is empty. One for both, or one for
   * each.
   */
  makeStores(directory: string): Promise<readonly [StoreAt] | readonly [StoreAt, StoreAt]>;
  /** Removes what is not in that directory. */
  remove?(store: StoreAt & { readonly options: { readonly tablePrefix?: string | undefined } }): Promise<void>;
  /** Whether the writes of a process end with it. A server may go on with what it was sent. */
  readonly endsWithProcess: boolean;
  /** Whether it is about disks, and so on one also where temporary files are kept in memory. */
  readonly onDisk: boolean;
}
