import type fc from 'fast-check';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';

/**
 * Closes the instance, does an operation on the closed one, and opens the store again. Where nothing survives that, since
 * the capabilities say so and no other instance keeps it, it does nothing.
 */
class Reopen implements Operation {
  readonly promise =
    'a closed filesystem refuses every call, and what was written is there when the store is opened again';
  readonly #meanwhile: Operation;

  constructor(meanwhile: Operation) {
    this.#meanwhile = meanwhile;
  }

  async perform(side: Side, step: number): Promise<string> {
    if (!side.model.survivesClose) return 'not reopened';
    await side.filesystem.close();
    const answer = await this.#meanwhile.perform(side, step);
    await side.reopen();
    return `${answer}; then reopened`;
  }

  predict(model: Model, step: number): readonly string[] {
    if (!model.survivesClose) return ['not reopened'];
    model.closed = true;
    const answers = this.#meanwhile.predict(model, step);
    model.closed = false;
    return answers.map((answer) => `${answer}; then reopened`);
  }

  toString(): string {
    return `close, ${this.#meanwhile.toString()}, reopen`;
  }
}

/** Reopenings with an operation in between. */
export const reopenings = (operations: fc.Arbitrary<Operation>): fc.Arbitrary<Operation> =>
  operations.map((meanwhile) => new Reopen(meanwhile));
