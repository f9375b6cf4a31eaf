/** What the adapter's `_list` is asked for. */
export interface ListRequest {
  /** Only names that sort after this one. */
  readonly after: string | undefined;
  /** At most this many; one more than the caller's limit, so up to 1,001. */
  readonly limit: number;
}
