import fc from 'fast-check';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { below, type Places } from '../values/paths.ts';
import { commits } from './commit.ts';
import { copies } from './copy.ts';
import { deletes } from './delete.ts';
import { gets } from './get.ts';
import { puts } from './put.ts';
import { variations } from './vary.ts';

/** What is there beside the paths of the sequence, so that there are enough that have nothing to do with each other. */
const FURTHER = Array.from({ length: 6 }, (_, index) => `/at once/${index}`);

/** How much later than the whole step each of the calls counts as made, so that each has a version of its own. */
const APART = 0.01;

/**
 * Makes calls at once, each at a path of its own, so that in any order each answers the same: a store that does together
 * what comes together mixes nothing up.
 */
class AtOnce implements Operation {
  readonly promise = 'a call answers what is so at its path, whatever is done at others at the same time';
  readonly #operations: readonly Operation[];

  constructor(operations: readonly Operation[]) {
    this.#operations = operations;
  }

  async perform(side: Side, step: number): Promise<string> {
    const answers = this.#operations.map((operation, index) => operation.perform(side, step + index * APART));
    return (await Promise.all(answers)).join('; ');
  }

  predict(model: Model, step: number): readonly string[] {
    const possible = this.#operations.map((operation, index) => operation.predict(model, step + index * APART));
    return possible.reduce((before, answers) =>
      before.flatMap((beginning) => answers.map((answer) => `${beginning}; ${answer}`)),
    );
  }

  toString(): string {
    return `at once: ${this.#operations.map(String).join('; ')}`;
  }
}

/** Random calls at several paths at once, none of which is below another. */
export const callsAtOnce = (places: Places): fc.Arbitrary<Operation> =>
  fc
    .shuffledSubarray([...places.chosen, ...FURTHER], { minLength: 2 })
    .chain((paths) =>
      fc.tuple(...paths.filter(isApart).map((path) => callsAt({ ...places, paths: fc.constant(path) }))),
    )
    .map((operations) => new AtOnce(operations));

/** Whether no other path is above it. */
function isApart(path: string, _index: number, all: readonly string[]): boolean {
  return !all.some((other) => path.startsWith(below(other)));
}

const callsAt = (places: Places): fc.Arbitrary<Operation> =>
  fc.oneof(
    { weight: 6, arbitrary: puts(places) },
    { weight: 3, arbitrary: deletes(places) },
    { weight: 2, arbitrary: variations(places) },
    { weight: 1, arbitrary: commits(places) },
    { weight: 1, arbitrary: copies(places) },
    { weight: 1, arbitrary: gets(places) },
  );
