import type { EntryInput } from '@holdfast/core';
import fc from 'fast-check';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { copyOf, describeEntry, entries, scribbleOver } from '../values/entries.ts';
import { describeExpected, putExpectations, type PutExpected } from '../values/expectations.ts';
import { describePatience, optionsOf, patiences, type Patience } from '../values/patience.ts';
import type { Places } from '../values/paths.ts';

/** Writes an entry, and scribbles over what it passed as soon as the call has returned its promise. */
export class Put implements Operation {
  readonly promise = 'a put stores the entry as it was given if its expectation holds, and changes nothing if not';
  readonly #path: string;
  readonly #entry: EntryInput;
  readonly #expected: PutExpected;
  readonly #patience: Patience;

  constructor(path: string, entry: EntryInput, expected: PutExpected, patience: Patience) {
    this.#path = path;
    this.#entry = entry;
    this.#expected = expected;
    this.#patience = patience;
  }

  perform(side: Side, step: number): Promise<string> {
    return answerTo(async () => {
      const entry = copyOf(this.#entry);
      const expectation = side.expectation(this.#path, this.#expected);
      const answer = side.filesystem.put(this.#path, entry, expectation, optionsOf(this.#patience));
      scribbleOver(entry);
      return `put ${side.minted((await answer).version, `v${step}`)}`;
    });
  }

  predict(model: Model, step: number): readonly string[] {
    const missing = model.missingFor(this.#entry, this.#expected);
    const refused = [
      ...model.turnedAway('put', this.#path, this.#patience, missing),
      ...model.tooLong('put', this.#path, this.#entry),
    ];
    if (refused.length > 0) return refused;
    const obstacles = model.obstacles('put', this.#path, this.#expected);
    return obstacles.length > 0 ? obstacles : [`put ${model.store(this.#path, this.#entry, `v${step}`)}`];
  }

  toString(): string {
    const entry = describeEntry(this.#entry);
    const expected = describeExpected(this.#expected);
    return `put(${JSON.stringify(this.#path)}, ${entry}, ${expected}${describePatience(this.#patience)})`;
  }
}

/** Writes of random entries with random expectations. */
export const puts = (places: Places): fc.Arbitrary<Operation> =>
  fc.tuple(places.paths, entries, putExpectations(places), patiences).map((given) => new Put(...given));
