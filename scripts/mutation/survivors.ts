/** A mutant that no test can find, since what it changes cannot be told apart, and why. */
export interface Survivor {
  readonly file: string;
  /** The text that is changed, with single spaces, and what it is changed to. All such places of the file are meant. */
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

export const SURVIVORS: readonly Survivor[] = [];
