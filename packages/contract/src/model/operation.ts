import type { Model } from './model.ts';
import type { Side } from './side.ts';

/** One random operation: how to do it on a backend, and what the backend has to answer. */
export interface Operation {
  /** What the contract promises of it, in a sentence; for whoever reads that it was broken. */
  readonly promise: string;
  /** Does it and tells what was answered, as text in which versions have the names the model gives them. */
  perform(side: Side, step: number): Promise<string>;
  /**
   * What the backend has to answer. More than one text where several reasons to refuse hold and no rule says which is
   * named. Changes the model the way the operation has to change the backend. Called after `perform`.
   */
  predict(model: Model, step: number): readonly string[];
  /** For people: the operation as a call. */
  toString(): string;
}
