/** What bounds the batches of one store. */
export interface BatchLimits {
  /** How many may be under way at once. */
  readonly atOnce: number;
  /**
   * After how many milliseconds one no longer counts among those under way, where another may be beside it: what it waits for
   * may be for it alone. Left out, it counts until it is done.
   */
  readonly patienceMs?: number | undefined;
  /**
   * Up to how many groups, with the batches under way, each is a batch by itself: where so few go to the database side by side
   * as fast as together. Left out, those that are ready go together.
   */
  readonly aloneUpTo?: number | undefined;
  /** How many groups are in one at most. */
  readonly maxGroups: number;
  /** How many changes and checks its groups have at most, together: a group of more is in a batch by itself. */
  readonly maxChanges: number;
  /** How much is in one at most, in bytes, by and large: a group that is larger is in a batch by itself. */
  readonly maxBytes: number;
  /**
   * How many groups wait at most, beside those under way; one more is `OVERLOADED`. By default 65,536: some seconds of
   * work.
   */
  readonly maxWaiting?: number | undefined;
}
