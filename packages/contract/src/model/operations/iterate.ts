import fc from 'fast-check';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { describePatience, optionsOf, patiences, type Patience } from '../values/patience.ts';
import { byUtf8, type Places } from '../values/paths.ts';
import { MOST_PAGES } from './most-pages.ts';

/** What one iteration is given. */
interface Iteration {
  readonly prefix: string;
  readonly after: string | undefined;
  readonly pageSize: number | undefined;
  /** After how many entries the caller stops. */
  readonly take: number | undefined;
  readonly patience: Patience;
}

/** Iterates over the entries below a directory, to the end where that is not far, or until the caller has enough. */
export class Iterate implements Operation {
  readonly promise = 'an iteration gives every entry below a directory once, whole and in code point order';
  readonly #given: Iteration;

  constructor(given: Iteration) {
    const { take = Infinity, pageSize } = given;
    const most = pageSize === undefined ? Infinity : MOST_PAGES * pageSize;
    this.#given = most < take ? { ...given, take: most } : given;
  }

  perform(side: Side): Promise<string> {
    const { prefix, after, pageSize, take = Infinity, patience } = this.#given;
    return answerTo(async () => {
      const seen: string[] = [];
      for await (const snapshot of side.filesystem.entries(prefix, { ...optionsOf(patience), after, pageSize })) {
        seen.push(side.read(snapshot));
        if (seen.length >= take) break;
      }
      return `[${seen.join(', ')}]`;
    });
  }

  predict(model: Model): readonly string[] {
    const { prefix, after, take, patience } = this.#given;
    const refused = model.turnedAway('entries', prefix, patience);
    if (refused.length > 0) return refused;
    const found = model.pathsBelow(prefix).filter((path) => after === undefined || byUtf8(path, after) > 0);
    const seen = found.slice(0, take).map((path) => model.snapshot(path));
    return [`[${seen.join(', ')}]`];
  }

  toString(): string {
    const { prefix, after, pageSize, take, patience } = this.#given;
    const options = [
      ...(after === undefined ? [] : [`, after ${JSON.stringify(after)}`]),
      ...(pageSize === undefined ? [] : [`, pageSize ${pageSize}`]),
      ...(take === undefined ? [] : [`, taking ${take}`]),
    ];
    return `entries(${JSON.stringify(prefix)}${options.join('')}${describePatience(patience)})`;
  }
}

/** Iterations over random directories with random cursors and page sizes. */
export const iterations = ({ directories, paths }: Places): fc.Arbitrary<Operation> =>
  fc
    .record({
      prefix: directories,
      after: fc.option(paths, { nil: undefined, freq: 2 }),
      pageSize: fc.option(fc.constantFrom(1, 2, 3, 10, 100, 1000), { nil: undefined }),
      take: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 1 }),
      patience: patiences,
    })
    .map((given) => new Iterate(given));
