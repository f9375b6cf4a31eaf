import type { Harness } from '../harness.ts';

/** What the comparison needs of a backend. */
export interface ComparedBackend {
  /** What it is called when it differs. */
  readonly id: string;
  readonly harness: Harness;
}
