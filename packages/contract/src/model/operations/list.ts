import type { Child } from '@holdfast/core';
import fc from 'fast-check';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { describePatience, optionsOf, patiences, type Patience } from '../values/patience.ts';
import { byUtf8, type Places } from '../values/paths.ts';
import { MOST_PAGES } from './most-pages.ts';

/** The page size when none is given. */
const DEFAULT_LIMIT = 100;

/** Walks the pages of a directory, to the end where that is not far. */
export class List implements Operation {
  readonly promise = 'the pages of a list give every direct child once, in code point order, and say what each is';
  readonly #directory: string;
  readonly #after: string | undefined;
  readonly #limit: number | undefined;
  readonly #patience: Patience;

  constructor(directory: string, after: string | undefined, limit: number | undefined, patience: Patience) {
    this.#directory = directory;
    this.#after = after;
    this.#limit = limit;
    this.#patience = patience;
  }

  perform(side: Side): Promise<string> {
    return answerTo(async () => {
      const pages: string[] = [];
      let after = this.#after;
      do {
        const options = { ...optionsOf(this.#patience), after, limit: this.#limit };
        const page = await side.filesystem.list(this.#directory, options);
        pages.push(describePage(page.children, page.next));
        if (page.next === after && after !== undefined) return `${pages.join(' | ')}, and so on without end`;
        after = page.next;
      } while (after !== undefined && pages.length < MOST_PAGES);
      return pages.join(' | ');
    });
  }

  predict(model: Model): readonly string[] {
    const refused = model.turnedAway('list', this.#directory, this.#patience);
    if (refused.length > 0) return refused;
    const after = this.#after;
    const left = model.children(this.#directory).filter(({ name }) => after === undefined || byUtf8(name, after) > 0);
    const pages: string[] = [];
    do {
      const children = left.splice(0, this.#limit ?? DEFAULT_LIMIT);
      pages.push(describePage(children, left.length > 0 ? children.at(-1)?.name : undefined));
    } while (left.length > 0 && pages.length < MOST_PAGES);
    return [pages.join(' | ')];
  }

  toString(): string {
    const after = this.#after === undefined ? '' : `, after ${JSON.stringify(this.#after)}`;
    const limit = this.#limit === undefined ? '' : `, limit ${this.#limit}`;
    return `list(${JSON.stringify(this.#directory)}${after}${limit}${describePatience(this.#patience)})`;
  }
}

function describePage(children: readonly Child[], next: string | undefined): string {
  const shown = children.map(({ name, isEntry, isPrefix }) => {
    const kind = isEntry ? (isPrefix ? 'both' : 'entry') : isPrefix ? 'prefix' : 'neither';
    return `${JSON.stringify(name)} ${kind}`;
  });
  return `[${shown.join(', ')}]${next === undefined ? '' : ` next ${JSON.stringify(next)}`}`;
}

/** Walks of random directories with random cursors and limits. */
export const lists = ({ directories, names }: Places): fc.Arbitrary<Operation> =>
  fc
    .tuple(
      directories,
      fc.option(names, { nil: undefined, freq: 2 }),
      fc.option(fc.constantFrom(1, 2, 3, 7, 10, 100, 1000), { nil: undefined }),
      patiences,
    )
    .map((given) => new List(...given));
