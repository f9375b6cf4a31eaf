import fc from 'fast-check';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { copyOf } from '../values/entries.ts';
import { describeExpected, holdingExpectations, type PutExpected } from '../values/expectations.ts';
import type { Places } from '../values/paths.ts';
import { Put } from './put.ts';

/** Puts at one path what is at another: a store that keeps equal bodies once shows when one of them goes. */
class Copy implements Operation {
  readonly promise = 'an entry stays what it is, whatever becomes of others that are equal to it';
  readonly #from: string;
  readonly #to: string;
  readonly #expected: PutExpected;

  constructor(from: string, to: string, expected: PutExpected) {
    this.#from = from;
    this.#to = to;
    this.#expected = expected;
  }

  perform(side: Side, step: number): Promise<string> {
    return this.#put(side.model).perform(side, step);
  }

  predict(model: Model, step: number): readonly string[] {
    return this.#put(model).predict(model, step);
  }

  toString(): string {
    const [from, to] = [JSON.stringify(this.#from), JSON.stringify(this.#to)];
    return `put(${to}, what is at ${from}, ${describeExpected(this.#expected)})`;
  }

  #put(model: Model): Put {
    const entry = copyOf(model.at(this.#from)?.entry ?? { body: new Uint8Array([1]) });
    return new Put(this.#to, entry, this.#expected, 'unsaid');
  }
}

/** Puts of what is somewhere else as well. */
export const copies = (places: Places): fc.Arbitrary<Operation> =>
  fc.tuple(places.paths, places.paths, holdingExpectations(places)).map((given) => new Copy(...given));
