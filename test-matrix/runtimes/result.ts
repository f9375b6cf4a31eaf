/** What became of one column of the table in one runtime. */
export interface Result {
  readonly column: string;
  /** What went wrong, if anything did. */
  problem: string | undefined;
}
