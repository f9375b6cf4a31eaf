import fc from 'fast-check';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { describePatience, optionsOf, patiences, type Patience } from '../values/patience.ts';
import type { Places } from '../values/paths.ts';

/** What is promised of reading an entry. */
export const GET_PROMISE = 'a get answers what was last put, or nothing where nothing is';

/** Reads an entry. */
export class Get implements Operation {
  readonly promise: string = GET_PROMISE;
  readonly #path: string;
  readonly #patience: Patience;

  constructor(path: string, patience: Patience) {
    this.#path = path;
    this.#patience = patience;
  }

  perform(side: Side): Promise<string> {
    return answerTo(async () => side.read(await side.filesystem.get(this.#path, optionsOf(this.#patience))));
  }

  predict(model: Model): readonly string[] {
    const refused = model.turnedAway('get', this.#path, this.#patience);
    return refused.length > 0 ? refused : [model.snapshot(this.#path)];
  }

  toString(): string {
    return `get(${JSON.stringify(this.#path)}${describePatience(this.#patience)})`;
  }
}

/** Reads of random paths. */
export const gets = ({ paths }: Places): fc.Arbitrary<Operation> =>
  fc.tuple(paths, patiences).map((given) => new Get(...given));
