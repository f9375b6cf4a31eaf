/** What has come of a rule that was added to a proxy. */
export interface WireFault {
  /** How often it has applied. */
  readonly applied: number;
  /** Resolves when it has applied for the first time. */
  readonly happened: Promise<void>;
}
