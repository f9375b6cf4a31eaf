import type fc from 'fast-check';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';

/** Does an operation in another process. */
class InChild implements Operation {
  readonly #operation: Operation;

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  get promise(): string {
    return this.#operation.promise;
  }

  perform(side: Side, step: number): Promise<string> {
    return answerTo(() => side.inChild(() => this.#operation.perform(side, step)));
  }

  predict(model: Model, step: number): readonly string[] {
    return this.#operation.predict(model, step);
  }

  toString(): string {
    return `in another process: ${this.#operation.toString()}`;
  }
}

/** Operations in another process. */
export const inChild = (operations: fc.Arbitrary<Operation>): fc.Arbitrary<Operation> =>
  operations.map((operation) => new InChild(operation));
