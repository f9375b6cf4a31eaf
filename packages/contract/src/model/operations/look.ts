import { getMany } from '@holdfast/core';
import fc from 'fast-check';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { GET_PROMISE } from './get.ts';

/** Reads several paths at once. */
class Look implements Operation {
  readonly promise: string = GET_PROMISE;
  readonly #paths: readonly string[];

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  perform(side: Side): Promise<string> {
    return answerTo(async () => {
      const found = await getMany(side.filesystem, this.#paths);
      return found.map((each) => side.read(each)).join('; ');
    });
  }

  predict(model: Model): readonly string[] {
    const [first = ''] = this.#paths;
    // A stranger's filesystem is asked for one after the other, and the first is the one that is refused.
    const named = this.#paths.length === 1 ? [first] : [undefined, first];
    const refused = named.flatMap((path) => model.turnedAway('getMany', path, 'unsaid'));
    return refused.length > 0 ? refused : [this.#paths.map((path) => model.snapshot(path)).join('; ')];
  }

  toString(): string {
    return `getMany(${JSON.stringify(this.#paths)})`;
  }
}

/** Reads of some of the paths, or all. */
export const looks = (paths: readonly string[]): fc.Arbitrary<Operation> =>
  fc.subarray([...paths], { minLength: 1 }).map((some) => new Look(some));
