import fc from 'fast-check';
import { inBatches } from '../../support/batches.ts';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { FILLED } from './fill.ts';

/** Deletes many entries at once: of those below a directory every so manieth, or all. */
class Sweep implements Operation {
  readonly promise = 'however many entries are deleted, the others stay and the names of those that are gone are gone';
  readonly #directory: string;
  readonly #every: number;

  constructor(directory: string, every: number) {
    this.#directory = directory;
    this.#every = every;
  }

  perform(side: Side): Promise<string> {
    return answerTo(async () => {
      let deleted = 0;
      await inBatches(this.#chosen(side.model), async (path) => {
        if ((await side.filesystem.delete(path, 'any')).deleted) deleted += 1;
      });
      return `swept ${deleted}`;
    });
  }

  predict(model: Model): readonly string[] {
    const chosen = this.#chosen(model);
    for (const path of chosen) model.remove(path);
    return [`swept ${chosen.length}`];
  }

  toString(): string {
    const which = this.#every === 1 ? 'all' : `every ${this.#every}th`;
    return `delete ${which} below ${JSON.stringify(this.#directory)}`;
  }

  #chosen(model: Model): string[] {
    return model.pathsBelow(this.#directory).filter((_, index) => index % this.#every === 0);
  }
}

/** Deletions below directories that were filled. */
export const sweeps: fc.Arbitrary<Operation> = fc
  .tuple(fc.constantFrom(...FILLED), fc.constantFrom(1, 2, 3, 50))
  .map((given) => new Sweep(...given));
