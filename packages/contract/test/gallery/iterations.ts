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

/** Iterations that skip, repeat, or do not end well. */
export const brokenIterations: readonly BrokenAdapter[] = [
  {
    name: 'knows the paths at the start',
    why: 'Reads all keys first and stops at one that is gone when its turn comes.',
    createStore: () => wrapping((inner) => new KnowsThePathsAtTheStart(inner)),
    caughtBy: ['entries.changes-meanwhile'],
  },
  {
    name: 'repeats the last of a page',
    why: 'path >= ? where path > ? was meant.',
    createStore: () => alone(new RepeatsTheLastOfAPage()),
    caughtBy: [
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
