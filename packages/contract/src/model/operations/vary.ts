import type { EntryInput } from '@holdfast/core';
import fc from 'fast-check';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import { copyOf, entries } from '../values/entries.ts';
import { describeExpected, holdingExpectations, type PutExpected } from '../values/expectations.ts';
import type { Places } from '../values/paths.ts';
import { Put } from './put.ts';
import { PutOfStored } from './put-of-stored.ts';

const FIELDS = ['body', 'contentType', 'kind', 'indexed'] as const;

type Field = (typeof FIELDS)[number];

/**
 * Puts what is there again with some of its fields changed, or none: a store that takes one part of an entry for the
 * whole of it shows.
 */
class Vary extends PutOfStored {
  readonly promise = 'a put replaces the entry with exactly what it is given, whichever of its fields differ';
  readonly #path: string;
  readonly #fields: readonly Field[];
  readonly #other: EntryInput;
  readonly #expected: PutExpected;

  constructor(path: string, fields: readonly Field[], other: EntryInput, expected: PutExpected) {
    super();
    this.#path = path;
    this.#fields = fields;
    this.#other = other;
    this.#expected = expected;
  }

  toString(): string {
    const changed = this.#fields.length === 0 ? 'nothing' : this.#fields.join(', ');
    return `put(${JSON.stringify(this.#path)}, what is there with ${changed} changed, ${describeExpected(this.#expected)})`;
  }

  protected override put(model: Model): Put {
    const before = copyOf(model.at(this.#path)?.entry ?? { body: new Uint8Array([1]) });
    const changes = this.#fields.map((field) => [field, this.#other[field]] as const);
    const varied = Object.entries({ ...before, ...Object.fromEntries(changes) });
    const entry = Object.fromEntries(varied.filter(([, value]) => value !== undefined)) as unknown as EntryInput;
    return new Put(this.#path, entry, this.#expected, 'unsaid');
  }
}

/** Puts that change every subset of the fields of what is there. */
export const variations = (places: Places): fc.Arbitrary<Operation> =>
  fc
    .tuple(places.paths, fc.subarray([...FIELDS]), entries, holdingExpectations(places))
    .map((given) => new Vary(...given));
