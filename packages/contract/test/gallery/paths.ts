import { posix } from 'node:path';
import type {
  Capabilities,
  CasExpectation,
  DeleteExpectation,
  DeleteResult,
  EntriesOptions,
  EntryInput,
  ListOptions,
  ListPage,
  OperationOptions,
  PutResult,
  Snapshot,
} from '@holdfast/core';
import { compareCodePoints, type PathRange, type ScanContext } from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

/** Does something to every path before passing it on. */
abstract class Rewrites extends Passthrough {
  protected abstract rewrite(path: string): string;

  #rewritten(path: string): string {
    return typeof path === 'string' ? this.rewrite(path) : path;
  }

  override capabilitiesAt(path: string): Capabilities {
    return super.capabilitiesAt(this.#rewritten(path));
  }

  override get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return super.get(this.#rewritten(path), options);
  }

  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    return super.put(this.#rewritten(path), entry, expectation, options);
  }

  override delete(path: string, expectation: DeleteExpectation, options?: OperationOptions): Promise<DeleteResult> {
    return super.delete(this.#rewritten(path), expectation, options);
  }

  override list(directory: string, options?: ListOptions): Promise<ListPage> {
    return super.list(this.#rewritten(directory), options);
  }

  override entries(prefix: string, options?: EntriesOptions): AsyncIterableIterator<Snapshot> {
    return super.entries(this.#rewritten(prefix), options);
  }
}

class ResolvesDots extends Rewrites {
  protected override rewrite(path: string): string {
    return path.includes('/.') ? posix.normalize(path) : path;
  }
}

class NormalizesUnicode extends Rewrites {
  protected override rewrite(path: string): string {
    return path.normalize('NFC');
  }
}

class DropsTheLastSlash extends Rewrites {
  protected override rewrite(path: string): string {
    return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  }
}

class DecodesPercents extends Rewrites {
  protected override rewrite(path: string): string {
    try {
      return decodeURIComponent(path);
    } catch {
      return path;
    }
  }
}

class FoldsCase extends Rewrites {
  protected override rewrite(path: string): string {
    return path.toLowerCase().normalize('NFC');
  }
}

class Trims extends Rewrites {
  protected override rewrite(path: string): string {
    return path === '/ ' ? path : path.replace(/ +$/, '');
  }
}

class CutsLongPaths extends Rewrites {
  protected override rewrite(path: string): string {
    return path.length > 1000 && path.length <= 1024 ? path.slice(0, 1000) : path;
  }
}

class HasAnEntryAtTheRoot extends Passthrough {
  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return path === '/' ? undefined : super.get(path, options);
  }
}

class ChecksPathsOfWritesOnly extends Passthrough {
  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    try {
      return await super.get(path, options);
    } catch (error) {
      if (path === '/' || (error as { code?: unknown }).code !== 'INVALID_PATH') throw error;
      return undefined;
    }
  }
}

class MatchesWildcards extends GoodMemory {
  // Scans for bodies are those of `entries`.
  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const matches = context.bodies && range.from.endsWith('/') && /[%_*]/.test(range.from);
    if (!matches) return super._scan(range, limit, context);
    const pattern = new RegExp(
      `^${range.from
        .replaceAll(/[^%_*/\w]/gu, '\\$&')
        .replaceAll(/[%*]/g, '.*')
        .replaceAll('_', '.')}`,
      'u',
    );
    const all = await super._scan({ from: '/', below: '0' }, Infinity);
    return all.filter(({ path }) => pattern.test(path) && compareCodePoints(path, range.from) >= 0).slice(0, limit);
  }
}

class MatchesSiblings extends GoodMemory {
  // Scans for bodies are those of `entries`.
  protected override _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const directory = range.from.slice(0, -1);
    const widened = range.from.endsWith('/') && directory !== '' && context.bodies && limit > 2;
    return super._scan(widened ? { from: directory, below: `${directory}~` } : range, limit, context);
  }
}

/** Paths that are not taken as they are. */
export const brokenPaths: readonly BrokenAdapter[] = [
  {
    name: 'resolves dots',
    why: 'posix.normalize instead of a refusal: a tenant walks into its neighbour.',
    createStore: () => wrapping((inner) => new ResolvesDots(inner)),
    caughtBy: ['path.invalid'],
  },
  {
    name: 'normalizes Unicode',
    why: 'Rewrites what it should refuse, so that two names of the caller become one.',
    createStore: () => wrapping((inner) => new NormalizesUnicode(inner)),
    caughtBy: ['path.invalid'],
  },
  {
    name: 'drops the last slash',
    why: 'Lenient where the contract is strict.',
    createStore: () => wrapping((inner) => new DropsTheLastSlash(inner)),
    caughtBy: ['path.invalid'],
  },
  {
    name: 'decodes percents',
    why: 'The path went through a URL.',
    createStore: () => wrapping((inner) => new DecodesPercents(inner)),
    caughtBy: ['path.nasty'],
  },
  {
    name: 'folds case',
    why: 'A disk, or a collation, that ignores case.',
    createStore: () => wrapping((inner) => new FoldsCase(inner)),
    caughtBy: ['path.invalid', 'path.nasty', 'path.case-sensitive', 'list.order', 'entries.order'],
  },
  {
    name: 'trims',
    why: 'A disk that drops blanks at the end of names, or a CHAR column.',
    createStore: () => wrapping((inner) => new Trims(inner)),
    caughtBy: ['path.nasty'],
  },
  {
    name: 'cuts long paths',
    why: 'A key column that is a little shorter than the longest path.',
    createStore: () => wrapping((inner) => new CutsLongPaths(inner)),
    caughtBy: ['path.longest'],
  },
  {
    name: 'has an entry at the root',
    why: 'The root passes where directories are checked, and so where entries are.',
    createStore: () => wrapping((inner) => new HasAnEntryAtTheRoot(inner)),
    caughtBy: ['path.root'],
  },
  {
    name: 'checks paths of writes only',
    why: 'What cannot be stored cannot be found, so why check?',
    createStore: () => wrapping((inner) => new ChecksPathsOfWritesOnly(inner)),
    caughtBy: ['path.invalid', 'path.longest'],
  },
  {
    name: 'matches wildcards',
    why: 'LIKE, with a directory name in the pattern.',
    createStore: () => alone(new MatchesWildcards()),
    caughtBy: ['path.no-wildcards'],
  },
  {
    name: 'matches siblings',
    why: 'path.startsWith(directory) without the slash: one tenant reads the next.',
    createStore: () => alone(new MatchesSiblings()),
    caughtBy: ['path.siblings', 'entries.order'],
  },
];
