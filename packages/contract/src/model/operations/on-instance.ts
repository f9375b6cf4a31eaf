import { answerTo } from '../answers.ts';
import fc from 'fast-check';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';

/** Does an operation on another instance of the store. */
export class OnInstance implements Operation {
  readonly #instance: number;
  readonly #operation: Operation;

  constructor(instance: number, operation: Operation) {
    this.#instance = instance;
    this.#operation = operation;
  }

  get promise(): string {
    return this.#operation.promise;
  }

  perform(side: Side, step: number): Promise<string> {
    return answerTo(() => side.onInstance(this.#instance, () => this.#operation.perform(side, step)));
  }

  predict(model: Model, step: number): readonly string[] {
    return this.#operation.predict(model, step);
  }

  toString(): string {
    return `on instance ${this.#instance + 1}: ${this.#operation.toString()}`;
  }
}

/** Operations on one of so many instances; on the first as they are. */
export function onInstances(operations: fc.Arbitrary<Operation>, instances: number): fc.Arbitrary<Operation> {
  if (instances <= 1) return operations;
  return fc
    .tuple(fc.nat(instances - 1), operations)
    .map(([instance, operation]) => (instance === 0 ? operation : new OnInstance(instance, operation)));
}
