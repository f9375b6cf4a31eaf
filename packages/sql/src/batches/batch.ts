import type { OperationContext } from '@holdfast/core/adapter';
import type { GroupResult } from '../group.ts';

/**
 * What a driver may say of the groups of one `write`, which are those of several callers, until it answers. A driver that
 * sends them at once, and answers all of them when it is done, needs none of it.
 */
export interface Batch {
  /**
   * To be called right before groups are sent: gives the places of those that are to be, least first. Whose caller has given
   * up is not among them, nor who was answered; they are not to be sent. From now on nobody leaves.
   */
  begin(): readonly number[];
  /**
   * Says that nothing of it has been sent, or that all of it was undone, and that it waits: for a lock, for a connection. Until
   * `begin` is called again, whoever gives up is answered at once that nothing was applied.
   */
  wait(): void;
  /** Since when a group has waited, on the clock of core. */
  waitedSince(place: number): number;
  /**
   * Takes a group out that has to go on by itself, with nothing applied: the batch is over without it, and its neighbours and
   * those who wait for a batch do not wait for it. The patience is that of its own caller. It is to be answered by `answer`.
   */
  alone(place: number): OperationContext;
  /**
   * Says that it seems to hang: it no longer counts among the batches under way, and nobody waits behind it any more, at its paths
   * either. Its groups are answered when it is.
   */
  makeWay(): void;
  /** Answers one group before the others. What is returned for it later is not looked at. */
  answer(place: number, result: GroupResult): void;
}

/**
 * The patience of those whose groups are written together: its signal fires when all have given up, and its deadline is
 * that of the last.
 */
export interface WriteContext extends OperationContext {
  /** Left out, all groups are those of one caller. */
  readonly batch?: Batch | undefined;
}
