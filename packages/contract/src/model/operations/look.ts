import fc from 'fast-check';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { GET_PROMISE } from './get.ts';

/** Reads several paths, one after the other. */
class Look implements Operation {
  readonly promise: string = GET_PROMISE;
  readonly #paths: readonly string[];

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  perform(side: Side): Promise<string> {
    return answerTo(async () => {
      const seen: string[] = [];
      for (const path of this.#paths) seen.push(side.read(await side.filesystem.get(path)));
      return seen.join('; ');
    });
  }

  predict(model: Model): readonly string[] {
    const [first = ''] = this.#paths;
    const refused = model.turnedAway('get', first, 'unsaid');
    return refused.length > 0 ? refused : [this.#paths.map((path) => model.snapshot(path)).join('; ')];
  }

  toString(): string {
    return `get ${this.#paths.map((path) => JSON.stringify(path)).join(', ')}`;
  }
}

/** Reads of some of the paths, or all. */
export const looks = (paths: readonly string[]): fc.Arbitrary<Operation> =>
  fc.subarray([...paths], { minLength: 1 }).map((some) => new Look(some));
