/** What the demo found out about one backend. */
export interface BackendReport {
  readonly name: string;
  readonly writers: number;
  /** Updates that were acknowledged. */
  readonly updates: number;
  /** Acknowledged updates that the store does not show afterwards. */
  readonly lost: number;
  /** How often an update was tried, all tries of all updates together. */
  readonly attempts: number;
  /** How long an update took, retries included; `null` when there was none. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Whether the first record was refused, typed and with nothing written. */
  readonly refused: boolean;
  /** Whether every turn finished while another writer of the same record hung in the middle of its update. */
  readonly passedHungWriter: boolean;
  /** What ended it before its time; then nothing was measured. `null` when nothing did. */
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** The report of a backend on which nothing was measured. */
export function nothingMeasured(
  name: string,
  writers: number,
  why: Pick<BackendReport, 'refused' | 'failure'>,
): BackendReport {
  return { name, writers, updates: 0, lost: 0, attempts: 0, p50Ms: null, p99Ms: null, passedHungWriter: false, ...why };
}
