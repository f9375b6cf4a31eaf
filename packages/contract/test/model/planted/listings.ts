import type { Child, EntriesOptions, ListOptions, ListPage, RootFilesystem, Snapshot } from '@holdfast/core';
import { plant } from './plant.ts';
import type { PlantedBug } from './planted-bug.ts';
import { byUtf8 } from '../../../src/model/values/paths.ts';

type Order = (left: string, right: string) => number;

const byUtf16: Order = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
}

/** A `list` of our own, wrong in what `page` makes of all children of the directory. */
function listing(page: (children: readonly Child[], options: ListOptions) => readonly Child[]) {
  return (good: RootFilesystem): Partial<RootFilesystem> => ({
    async list(directory, options): Promise<ListPage> {
      // Refuses what has to be refused.
      await good.list(directory, options);
      const { limit = 100, after, ...rest } = options ?? {};
      const left = page((await good.list(directory, { ...rest, limit: 1000 })).children, { after });
      const children = left.slice(0, limit);
      return { children, next: left.length > limit ? children.at(-1)?.name : undefined };
    },
  });
}

/** An `entries` of our own, wrong in which entries of the whole store it takes and in what order. */
function iterating(choose: (all: readonly Snapshot[], prefix: string, options: EntriesOptions) => readonly Snapshot[]) {
  return (good: RootFilesystem): Partial<RootFilesystem> => ({
    async *entries(prefix, options): AsyncGenerator<Snapshot, void, undefined> {
      await collect(good.entries(prefix, options));
      const { after, ...rest } = options ?? {};
      yield* choose(await collect(good.entries('/', rest)), prefix, { after });
    },
  });
}

const beyond = (order: Order, text: string, { after }: { readonly after?: string | undefined }): boolean =>
  after === undefined || order(text, after) > 0;

const startOf = (prefix: string): string => (prefix === '/' ? '/' : `${prefix}/`);

/** Bugs of `list`. */
export const LIST_BUGS: readonly PlantedBug[] = [
  {
    mistake: 'begins a page with the cursor itself',
    shownBy: /list\(.*(after|limit)/,
    backend: plant(
      'planted',
      listing((all, { after }) => all.filter(({ name }) => after === undefined || byUtf8(name, after) >= 0)),
    ),
  },
  {
    mistake: 'lists in UTF-16 order',
    shownBy: /list\(/,
    backend: plant(
      'planted',
      listing((all, options) =>
        all.toSorted((a, b) => byUtf16(a.name, b.name)).filter(({ name }) => beyond(byUtf16, name, options)),
      ),
    ),
  },
  {
    mistake: 'lists in an order without cases',
    shownBy: /list\(/,
    backend: plant(
      'planted',
      listing((all, options) => {
        const byLetter: Order = (a, b) => byUtf8(a.toLowerCase(), b.toLowerCase()) || byUtf8(a, b);
        return all.toSorted((a, b) => byLetter(a.name, b.name)).filter(({ name }) => beyond(byLetter, name, options));
      }),
    ),
  },
  {
    mistake: 'lists no children that are only prefixes',
    shownBy: /list\(/,
    backend: plant(
      'planted',
      listing((all, options) => all.filter(({ isEntry, name }) => isEntry && beyond(byUtf8, name, options))),
    ),
  },
  {
    mistake: 'does not say of an entry that it is a prefix too',
    shownBy: /list\(/,
    backend: plant(
      'planted',
      listing((all, options) =>
        all
          .filter(({ name }) => beyond(byUtf8, name, options))
          .map((child) => ({ ...child, isPrefix: child.isPrefix && !child.isEntry })),
      ),
    ),
  },
  {
    mistake: 'says of a full page that it is the last',
    shownBy: /list\(/,
    backend: plant('planted', (good) => ({
      list: async (directory, options) => ({ ...(await good.list(directory, options)), next: undefined }),
    })),
  },
  {
    mistake: 'takes a cursor that does not exist for the end',
    shownBy: /list\(.*after/,
    backend: plant(
      'planted',
      listing((all, options) =>
        options.after === undefined || all.some(({ name }) => name === options.after)
          ? all.filter(({ name }) => beyond(byUtf8, name, options))
          : [],
      ),
    ),
  },
];

/** Bugs of `entries`. */
export const ENTRIES_BUGS: readonly PlantedBug[] = [
  {
    mistake: 'iterates in UTF-16 order',
    shownBy: /entries\(/,
    backend: plant(
      'planted',
      iterating((all, prefix, options) =>
        all
          .filter(({ path }) => path.startsWith(startOf(prefix)) && beyond(byUtf16, path, options))
          .toSorted((a, b) => byUtf16(a.path, b.path)),
      ),
    ),
  },
  {
    mistake: 'iterates directory by directory and not in the order of paths',
    shownBy: /entries\(/,
    backend: plant(
      'planted',
      iterating((all, prefix, options) => {
        const bySegment: Order = (a, b) => byUtf8(a.replaceAll('/', '\u0000'), b.replaceAll('/', '\u0000'));
        return all
          .filter(({ path }) => path.startsWith(startOf(prefix)) && beyond(byUtf8, path, options))
          .toSorted((a, b) => bySegment(a.path, b.path));
      }),
    ),
  },
  {
    mistake: 'takes % and _ for wildcards',
    shownBy: /entries\(/,
    backend: plant(
      'planted',
      iterating((all, prefix, options) => {
        const escaped = startOf(prefix).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
        const pattern = new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}`, 'u');
        return all.filter(({ path }) => pattern.test(path) && beyond(byUtf8, path, options));
      }),
    ),
  },
  {
    mistake: 'iterates over what only begins like the directory',
    shownBy: /entries\(/,
    backend: plant(
      'planted',
      iterating((all, prefix, options) =>
        all.filter(({ path }) => path.startsWith(prefix) && path !== prefix && beyond(byUtf8, path, options)),
      ),
    ),
  },
  {
    mistake: 'sees the last entry of a page again on the next one',
    shownBy: /entries\(.*pageSize/,
    backend: plant('planted', (good) => ({
      async *entries(prefix, options): AsyncGenerator<Snapshot, void, undefined> {
        let count = 0;
        for await (const snapshot of good.entries(prefix, options)) {
          yield snapshot;
          count += 1;
          const again = count === options?.pageSize ? await good.get(snapshot.path) : undefined;
          if (again !== undefined) yield again;
        }
      },
    })),
  },
];
