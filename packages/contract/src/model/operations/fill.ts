import fc from 'fast-check';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { inBatches } from '../../support/batches.ts';

/** The directories that are filled. */
export const FILLED = ['/many', '/many/below'] as const;

/** Puts many entries at once, in no order, each with a body of its own. */
class Fill implements Operation {
  readonly promise = 'however many entries there are, each is what was put there';
  readonly #directory: string;
  readonly #count: number;

  constructor(directory: string, count: number) {
    this.#directory = directory;
    this.#count = count;
  }

  perform(side: Side, step: number): Promise<string> {
    return answerTo(async () => {
      const wrong: string[] = [];
      await inBatches(this.#indices(), async (index) => {
        const { version } = await side.filesystem.put(this.#path(index), bodyOf(step, index), 'any');
        const name = side.minted(version, versionName(step, index));
        if (name.startsWith('the version of')) wrong.push(`; ${this.#path(index)} got ${name}`);
      });
      return `filled with ${this.#count}${wrong.slice(0, 1).join('')}`;
    });
  }

  predict(model: Model, step: number): readonly string[] {
    for (const index of this.#indices()) {
      model.store(this.#path(index), bodyOf(step, index), versionName(step, index));
    }
    return [`filled with ${this.#count}`];
  }

  toString(): string {
    return `put ${this.#count} entries, ${JSON.stringify(this.#path(0))} to ${JSON.stringify(this.#path(this.#count - 1))}`;
  }

  #indices(): number[] {
    // A step that has no factor in common with the count visits all of them, far from their order.
    return Array.from({ length: this.#count }, (_, index) => (index * 7919) % this.#count);
  }

  #path(index: number): string {
    // Every seventh has entries below it as well as beside it.
    return `${this.#directory}/${index % 7 === 6 ? `d${index}/x` : `n${index}`}`;
  }
}

function versionName(step: number, index: number): string {
  return `v${step}.${index}`;
}

function bodyOf(step: number, index: number): { readonly body: Uint8Array } {
  return { body: new TextEncoder().encode(`${step}.${index}`) };
}

const fillingsOf = (...counts: readonly number[]): fc.Arbitrary<Operation> =>
  fc.tuple(fc.constantFrom(...FILLED), fc.constantFrom(...counts)).map((given) => new Fill(...given));

/** Fillings of directories with more than fits the pages of a list and of an iteration. None is a multiple of 7919. */
export const firstFillings: fc.Arbitrary<Operation> = fillingsOf(600, 1001, 1300);

/** Fillings with about as much as fits a page of a list. */
export const fillings: fc.Arbitrary<Operation> = fillingsOf(99, 100, 101, 257);
