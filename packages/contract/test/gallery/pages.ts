import type { Child, DirectoryPath, ListOptions, ListPage, Snapshot } from '@holdfast/core';
import {
  childPrefix,
  type ListRequest,
  type OperationContext,
  type PathRange,
  type ScanContext,
} from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

class PagesByOffset extends Passthrough {
  /** How many children came before a cursor when it was handed out. */
  readonly #offsets = new Map<string, number>();

  override async list(directory: string, options?: ListOptions): Promise<ListPage> {
    const offset = this.#offsets.get(`${directory} ${options?.after}`) ?? 0;
    const after = offset === 0 ? options?.after : await this.#nameAt(directory, offset);
    const page = await super.list(directory, offset === 0 ? options : { ...options, after });
    if (page.next !== undefined) this.#offsets.set(`${directory} ${page.next}`, offset + page.children.length);
    return page;
  }

  /** The name behind which as many children have come by now. */
  async #nameAt(directory: string, offset: number): Promise<string | undefined> {
    let after: string | undefined;
    for (let left = offset; left > 0;) {
      const { children } = await super.list(directory, { after, limit: Math.min(left, 1000) });
      if (children.length === 0) break;
      left -= children.length;
      after = children.at(-1)?.name;
    }
    return after;
  }
}

class IncludesTheCursor extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    { after, limit }: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const children = await super._list(directory, { after, limit }, context);
    if (after === undefined) return children;
    const all = await super._list(directory, { after: undefined, limit: Infinity }, context);
    return [...all.filter(({ name }) => name === after), ...children].slice(0, limit);
  }
}

class PromisesOnePageTooMany extends Passthrough {
  override async list(directory: string, options?: ListOptions): Promise<ListPage> {
    const page = await super.list(directory, options);
    const full = page.children.length === (options?.limit ?? 100);
    return full ? { ...page, next: page.children.at(-1)?.name } : page;
  }
}

/** Says of its pages that they heed any number of bytes, and heeds none. */
class IgnoresMaxBytes extends GoodMemory {
  protected override _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    return super._scan(range, limit, { ...context, maxBytes: Infinity });
  }

  protected override _mostPageBytes(): number {
    return Infinity;
  }
}

class StopsAtAThousand extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    { after, limit }: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    return super._list(directory, { after, limit: Math.min(limit, 1000) }, context);
  }

  protected override _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    return super._scan(range, Math.min(limit, 999), context);
  }
}

class ListsWithoutLimit extends Passthrough {
  override list(directory: string, options: ListOptions = { limit: 1000 }): Promise<ListPage> {
    return super.list(directory, options);
  }
}

class NeedsACursorThatExists extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const { after } = request;
    if (after !== undefined) {
      const [found] = await super._scan(
        { from: childPrefix(directory) + after, below: `${childPrefix(directory)}${after}0` },
        1,
      );
      if (found === undefined) return [];
    }
    return super._list(directory, request, context);
  }
}

class LeavesOutWhatIsTooMuch extends GoodMemory {
  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const page = await super._scan(range, limit, context);
    const bytes = page.reduce((sum, { body }) => sum + body.byteLength, 0);
    return bytes > context.maxBytes ? page.slice(0, Math.max(1, page.length - 1)) : page;
  }
}

/** Pages that do not join. */
export const brokenPages: readonly BrokenAdapter[] = [
  {
    name: 'ignores how many bytes a page may have',
    why: 'A thousand entries of a megabyte are in memory at once, for a caller who asked for one.',
    createStore: () => alone(new IgnoresMaxBytes()),
    caughtBy: ['entries.page-bytes'],
  },
  {
    name: 'pages by offset',
    why: 'LIMIT … OFFSET …: what comes or goes before the page shifts it.',
    createStore: () => wrapping((inner) => new PagesByOffset(inner)),
    caughtBy: ['list.changes-between-pages'],
  },
  {
    name: 'includes the cursor',
    why: 'name >= ? where name > ? was meant.',
    createStore: () => alone(new IncludesTheCursor()),
    caughtBy: ['list.order', 'list.pages', 'list.after', 'list.many', 'list.changes-between-pages', 'list.both'],
  },
  {
    name: 'promises one page too many',
    why: 'A full page is taken for a sign that there is another.',
    createStore: () => wrapping((inner) => new PromisesOnePageTooMany(inner)),
    caughtBy: ['list.pages'],
  },
  {
    name: 'stops at a thousand',
    why: 'The page limit of the backend is taken for the end.',
    createStore: () => alone(new StopsAtAThousand()),
    caughtBy: ['list.many'],
  },
  {
    name: 'lists without a limit',
    why: 'No limit given is taken for no limit.',
    createStore: () => wrapping((inner) => new ListsWithoutLimit(inner)),
    caughtBy: ['list.default-limit'],
  },
  {
    name: 'leaves out what is too much',
    why: 'The page ends before the entry that makes it long enough, and looks like the last one.',
    createStore: () => alone(new LeavesOutWhatIsTooMuch()),
    caughtBy: ['entries.large-bodies', 'entries.page-bytes'],
  },
  {
    name: 'needs a cursor that exists',
    why: 'The cursor is looked up, and gone when its row is.',
    createStore: () => alone(new NeedsACursorThatExists()),
    caughtBy: ['list.after', 'list.changes-between-pages'],
  },
];
