import { HoldfastError, type EntriesOptions, type Snapshot, type VirtualPath } from '@holdfast/core';
import type { PathRange, ScanContext } from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

class KnowsThePathsAtTheStart extends Passthrough {
  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    const { signal, timeoutMs } = options ?? {};
    const paths: string[] = [];
    for await (const { path } of super.entries(prefix, options)) paths.push(path);
    for (const path of paths) {
      const found = await this.inner.get(path, { signal, timeoutMs });
      if (found === undefined) return;
      yield found;
    }
  }
}

class RepeatsTheLastOfAPage extends GoodMemory {
  // Scans for bodies are those of `entries`.
  protected override _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const { from, below } = range;
    const goesOn = from.endsWith('\u0001') && context.bodies && limit > 1;
    return super._scan(goesOn ? { from: from.slice(0, -1), below } : range, limit, context);
  }
}

class AllowsOneIterationAtATime extends Passthrough {
  #open = false;

  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    if (this.#open) throw new HoldfastError('BUSY', 'a cursor is open', { operation: 'entries', path: prefix });
    for await (const found of super.entries(prefix, options)) {
      this.#open = true;
      yield found;
      this.#open = false;
    }
  }
}

class NamesEntriesFromTheirDirectory extends Passthrough {
  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    for await (const found of super.entries(prefix, options)) {
      yield prefix === '/' ? found : { ...found, path: found.path.slice(prefix.length) as VirtualPath };
    }
  }
}

class ReadsThePageAhead extends GoodMemory {
  #ahead: { readonly from: string; readonly limit: number; readonly page: Promise<readonly Snapshot[]> } | undefined;

  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const isReady = context.bodies && ahead?.from === range.from && ahead.limit === limit;
    const page = await (isReady ? ahead.page : super._scan(range, limit, context));
    const last = page.at(-1);
    if (context.bodies && last !== undefined && page.length === limit) {
      const from = `${last.path}\u0001`;
      this.#ahead = { from, limit, page: super._scan({ from, below: range.below }, limit, context) };
    }
    return page;
  }
}

/** Iterations that skip, repeat, or do not end well. */
export const brokenIterations: readonly BrokenAdapter[] = [
  {
    name: 'knows the paths at the start',
    why: 'Reads all keys first and stops at one that is gone when its turn comes.',
    createStore: () => wrapping((inner) => new KnowsThePathsAtTheStart(inner)),
    caughtBy: ['entries.pages-as-of-now', 'entries.changes-meanwhile'],
  },
  {
    name: 'reads the page ahead',
    why: 'Whoever iterates will want the next page too, which is read while this one is looked at.',
    createStore: () => alone(new ReadsThePageAhead()),
    caughtBy: ['entries.pages-as-of-now'],
    perhapsBy: ['entries.changes-meanwhile', 'entries.restless-writers'],
  },
  {
    name: 'repeats the last of a page',
    why: 'path >= ? where path > ? was meant.',
    createStore: () => alone(new RepeatsTheLastOfAPage()),
    caughtBy: [
      'entries.pages-as-of-now',
      'entries.order',
      'entries.after',
      'entries.changes-meanwhile',
      'entries.large-bodies',
      'entries.page-bytes',
      'entries.many',
    ],
  },
  {
    name: 'allows one iteration at a time',
    why: 'A cursor that is only closed when it is read to the end.',
    createStore: () => wrapping((inner) => new AllowsOneIterationAtATime(inner)),
    caughtBy: ['entries.early-end', 'abort.leaves-nothing-behind'],
    perhapsBy: ['error.many'],
  },
  {
    name: 'names entries from their directory',
    why: 'A scoped view that forgets to put its prefix back.',
    createStore: () => wrapping((inner) => new NamesEntriesFromTheirDirectory(inner)),
    caughtBy: [
      'entries.pages-as-of-now',
      'bytes.content-type',
      'path.no-wildcards',
      'path.siblings',
      'entries.order',
      'entries.whole',
      'entries.after',
      'entries.early-end',
      'entries.changes-meanwhile',
      'entries.across-instances',
    ],
    perhapsBy: ['open.amid-writes', 'open.together', 'race.entry-against-child'],
  },
];
