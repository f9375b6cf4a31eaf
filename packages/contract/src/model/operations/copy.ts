import fc from 'fast-check';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import { copyOf } from '../values/entries.ts';
import { describeExpected, holdingExpectations, type PutExpected } from '../values/expectations.ts';
import type { Places } from '../values/paths.ts';
import { Put } from './put.ts';
import { PutOfStored } from './put-of-stored.ts';

/** Puts at one path what is at another: a store that keeps equal bodies once shows when one of them goes. */
class Copy extends PutOfStored {
  readonly promise = 'an entry stays what it is, whatever becomes of others that are equal to it';
  readonly #from: string;
  readonly #to: string;
  readonly #expected: PutExpected;

  constructor(from: string, to: string, expected: PutExpected) {
    super();
    this.#from = from;
    this.#to = to;
    this.#expected = expected;
  }

  toString(): string {
    const [from, to] = [JSON.stringify(this.#from), JSON.stringify(this.#to)];
    return `put(${to}, what is at ${from}, ${describeExpected(this.#expected)})`;
  }

  protected override put(model: Model): Put {
    const entry = copyOf(model.at(this.#from)?.entry ?? { body: new Uint8Array([1]) });
    return new Put(this.#to, entry, this.#expected, 'unsaid');
  }
}

/** Puts of what is somewhere else as well. */
export const copies = (places: Places): fc.Arbitrary<Operation> =>
  fc.tuple(places.paths, places.paths, holdingExpectations(places)).map((given) => new Copy(...given));
