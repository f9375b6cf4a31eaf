import type { Snapshot } from '../entries/entry.ts';
import type { Patience } from '../filesystem/operation-context.ts';
import type { PutResult } from '../filesystem/root-filesystem.ts';
import type { Round } from './round.ts';

/** What somebody who takes part in a round is told to do next. */
export type Told =
  /** Read, as the first of a round. */
  | { readonly what: 'lead'; readonly round: Round }
  /** Go on without a round. */
  | { readonly what: 'alone' }
  /** Decide on what those before have left; the base is what was read. */
  | { readonly what: 'decide'; readonly state: Snapshot | undefined; readonly isBase: boolean }
  /** The write of the round has landed: the last state is stored, under the version of the answer. */
  | { readonly what: 'landed'; readonly last: Snapshot; readonly answer: PutResult | undefined }
  | { readonly what: 'failed'; readonly thrown: unknown };

/**
 * The place of an update in a round. It is told what to do by a promise, so that whatever is the caller's runs in the
 * async context of that caller.
 */
export class Seat {
  readonly patience: Patience;
  /** Whether it was there before the round read, so that what was read was stored while this update was under way. */
  isLive: boolean;
  round: Round;
  /** The round that it was told to lead. */
  leads: Round | undefined;
  /** Whether nobody listens any more. */
  hasLeft = false;
  /** What it has left to those after it. */
  left: Snapshot | undefined;
  #mail = Promise.withResolvers<Told>();
  #isTold = false;
  #isHeard = false;

  constructor(round: Round, patience: Patience, isLive: boolean) {
    this.round = round;
    this.patience = patience;
    this.isLive = isLive;
  }

  /** Tells it, whether it listens already or not yet. */
  tell(told: Told): void {
    if (this.#isTold) {
      this.#mail = Promise.withResolvers();
      this.#isHeard = false;
    }
    this.#isTold = true;
    this.#mail.resolve(told);
  }

  /** What it is told next. */
  told(): Promise<Told> {
    if (this.#isHeard) {
      this.#mail = Promise.withResolvers();
      this.#isTold = false;
    }
    this.#isHeard = true;
    return this.#mail.promise;
  }

  /** Says that nobody listens any more, wherever it stood. */
  leave(): void {
    this.hasLeft = true;
    this.leads?.leave();
    this.round.leftBy(this);
  }
}
