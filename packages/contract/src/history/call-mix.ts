import type { RootFilesystem } from '@holdfast/core';

/** What several workers do at once. */
export interface CallMix {
  readonly workers: number;
  /** How many calls each of them makes. */
  readonly calls: number;
  readonly seed: number;
  /** The paths they work on, all in one directory. */
  readonly paths: readonly string[];
  /** Lengths of bodies, in bytes; one is drawn for each write. */
  readonly lengths: readonly number[];
  /** Opens one more instance for a few calls, after which it is closed again, where there may be several. */
  readonly openAnother?: (() => Promise<RootFilesystem>) | undefined;
  /** Whether callers give up: by a signal or a deadline, at any moment of a call. */
  readonly interrupted: boolean;
  /** The longest that one waits who gives up, in milliseconds; by default 3. */
  readonly patienceMs?: number;
  /** Whether what carries the calls fails, such as a connection: then an error that says so is an answer too. */
  readonly unreliable?: boolean;
  /** What the values of these workers begin with, of digits and dots, if others elsewhere work on the same keys. */
  readonly names?: string;
}
