import fc from 'fast-check';
import { answerTo, describeFailure } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { deleteExpectations, describeExpected, type DeleteExpected } from '../values/expectations.ts';
import { describePatience, optionsOf, patiences, type Patience } from '../values/patience.ts';
import type { Places } from '../values/paths.ts';

/** Deletes an entry. */
export class Delete implements Operation {
  readonly promise: string =
    'a delete removes the entry if its expectation holds, tells whether there was one, and changes nothing if not';
  readonly #path: string;
  readonly #expected: DeleteExpected;
  readonly #patience: Patience;

  constructor(path: string, expected: DeleteExpected, patience: Patience) {
    this.#path = path;
    this.#expected = expected;
    this.#patience = patience;
  }

  perform(side: Side): Promise<string> {
    return answerTo(async () => {
      const expectation = side.expectation(this.#path, this.#expected);
      const { deleted } = await side.filesystem.delete(this.#path, expectation, optionsOf(this.#patience));
      return `deleted ${String(deleted)}`;
    });
  }

  predict(model: Model): readonly string[] {
    const unsupported = this.#expected !== 'any' && !model.capabilities.conditionalDelete;
    const missing = unsupported ? ['conditionalDelete'] : [];
    const refused = model.turnedAway('delete', this.#path, this.#patience, missing);
    if (refused.length > 0) return refused;
    if (model.holds(this.#path, model.at(this.#path), this.#expected)) return [`deleted ${model.remove(this.#path)}`];
    return [describeFailure({ code: 'VERSION_MISMATCH', operation: 'delete', path: this.#path })];
  }

  toString(): string {
    const expected = describeExpected(this.#expected);
    return `delete(${JSON.stringify(this.#path)}, ${expected}${describePatience(this.#patience)})`;
  }
}

/** Deletes with random expectations. */
export const deletes = (places: Places): fc.Arbitrary<Operation> =>
  fc.tuple(places.paths, deleteExpectations(places), patiences).map((given) => new Delete(...given));
