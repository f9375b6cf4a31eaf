/** What bounds the batches of one store. */
export interface BatchLimits {
  /** How many may be under way at once. */
  readonly atOnce: number;
  /** How many groups are in one at most. */
  readonly maxGroups: number;
  /** How much is in one at most, in bytes, by and large: a group that is larger is in a batch by itself. */
  readonly maxBytes: number;
  /** How many groups wait at most, beside those under way; one more is `OVERLOADED`. By default 65,536: some seconds of work. */
  readonly maxWaiting?: number | undefined;
}
