import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import type { Put } from './put.ts';

/** A put of something that depends on what is stored when its turn comes. */
export abstract class PutOfStored implements Operation {
  abstract readonly promise: string;

  abstract toString(): string;

  /** The put that it is, as things are in the model. */
  protected abstract put(model: Model): Put;

  perform(side: Side, step: number): Promise<string> {
    return this.put(side.model).perform(side, step);
  }

  predict(model: Model, step: number): readonly string[] {
    return this.put(model).predict(model, step);
  }
}
