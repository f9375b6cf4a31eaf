import type { Capabilities, Snapshot, VirtualPath } from '@holdfast/core';
import { mintVersion, type DeleteRequest, type PathRange, type PutRequest } from '@holdfast/core/adapter';
import { shared, wrappingShared, type BrokenAdapter } from './support/broken-adapter.ts';
import { mismatch, nextTurn } from './support/good-memory.ts';
import { Retokened } from './support/retokened.ts';
import { SHARED, SharedMemory, SharedStore } from './support/shared-memory.ts';

const NOT_DURABLE: Capabilities = { ...SHARED, durability: 'none' };

class CachesReads extends SharedMemory {
  readonly #cache = new Map<string, Snapshot>();

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = this.#cache.get(path) ?? (await super._get(path));
    if (found !== undefined) this.#cache.set(path, found);
    return found && { ...found, body: new Uint8Array(found.body) };
  }

  protected override async _put(request: PutRequest): Promise<void> {
    this.#cache.delete(request.path);
    return super._put(request);
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    this.#cache.delete(request.path);
    return super._delete(request);
  }
}

class CachesListings extends SharedMemory {
  #cached: readonly Snapshot[] | undefined;

  protected override async _scan(range: PathRange, limit: number): Promise<readonly Snapshot[]> {
    this.#cached ??= await super._scan({ from: '/', below: '0' }, Infinity);
    return super._scan(range, this.#cached.length === 0 ? 0 : limit);
  }

  protected override async _put(request: PutRequest): Promise<void> {
    this.#cached = undefined;
    return super._put(request);
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    this.#cached = undefined;
    return super._delete(request);
  }
}

class LocksItselfOnly extends SharedMemory {
  #tail: Promise<unknown> = Promise.resolve();

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work, work);
    this.#tail = turn.catch(() => {});
    return turn;
  }

  protected override _put(request: PutRequest): Promise<void> {
    return this.#alone(async () => {
      this.expect(request.path, request.expectation);
      if (request.expectation !== 'any') await nextTurn();
      return super._put({ ...request, expectation: 'any' });
    });
  }

  protected override _delete(request: DeleteRequest): Promise<boolean> {
    return this.#alone(async () => {
      this.expect(request.path, request.expectation);
      if (request.expectation !== 'any') await nextTurn();
      if (this.stored.get(request.path) === undefined && request.expectation !== 'any') throw mismatch();
      return super._delete({ ...request, expectation: 'any' });
    });
  }
}

/** Keeps its own copy of what is stored, which is only brought back when it is closed. */
class WritesBackOnClose extends SharedMemory {
  readonly #durable: SharedStore;

  constructor(durable: SharedStore) {
    const own = new SharedStore();
    for (const [path, entry] of durable.entries) own.set(path, entry);
    super(own);
    this.#durable = durable;
  }

  protected override async _close(): Promise<void> {
    for (const [path, entry] of this.stored.entries) this.#durable.set(path, entry);
  }
}

class MintsOnLoad extends SharedMemory {
  constructor(stored: SharedStore) {
    for (const [path, entry] of stored.entries) stored.set(path, { ...entry, version: mintVersion() });
    super(stored, { ...SHARED, sharing: 'instance' });
  }
}

class CountsFromTheStart extends Retokened {
  #count = 0;

  protected override versionOf(): string {
    this.#count += 1;
    return `version-${this.#count}`;
  }
}

/** Stores that are opened more than once, or again. */
export const brokenInstances: readonly BrokenAdapter[] = [
  {
    name: 'loses everything on close',
    why: 'Claims durability, with an in-memory database.',
    createStore: () => shared(() => new SharedMemory(new SharedStore(), { ...SHARED, sharing: 'instance' })),
    caughtBy: ['abort.every-moment', 'version.survives-reopen', 'durability.reopen', 'close.writes-under-way'],
    perhapsBy: ['open.together', 'durability.*'],
  },
  {
    name: 'gives each instance a store of its own',
    why: 'Claims sharing, with an in-memory database for each connection.',
    createStore: () => shared(() => new SharedMemory(new SharedStore(), NOT_DURABLE)),
    caughtBy: [
      'entries.pages-as-of-now',
      'open.together',
      'close.writes-under-way',
      'list.gone-elsewhere',
      'version.holds-across-instances',
      'entries.across-instances',
      'race.put-absent',
      'race.read-while-writing',
      'race.history',
      'cas.forced-overlap',
      'cas.hung-write',
      'cas.create-race',
      'cas.storm-several-instances',
      'cas.storm-of-moves',
      'close.one-of-several',
    ],
    perhapsBy: ['open.amid-writes', 'race.entry-against-child'],
  },
  {
    name: 'caches reads',
    why: 'A cache that only its own writes invalidate.',
    createStore: () => shared((store) => new CachesReads(store)),
    caughtBy: ['version.holds-across-instances', 'race.history'],
  },
  {
    name: 'caches that there is nothing',
    why: 'An empty listing that is remembered for ever.',
    createStore: () => shared((store) => new CachesListings(store)),
    caughtBy: ['list.gone-elsewhere', 'entries.across-instances'],
  },
  {
    name: 'locks itself only',
    why: 'Check and write under a mutex of the instance, which the other instance does not have.',
    createStore: () => shared((store) => new LocksItselfOnly(store)),
    caughtBy: [
      'race.put-version',
      'race.put-absent',
      'race.put-against-delete',
      'race.history',
      'cas.forced-overlap',
      'cas.create-race',
      'cas.storm-several-instances',
    ],
    perhapsBy: ['open.together'],
  },
  {
    name: 'writes back on close',
    why: 'A write-behind cache: deletes are forgotten, and others see nothing before.',
    createStore: () => shared((store) => new WritesBackOnClose(store)),
    caughtBy: [
      'entries.pages-as-of-now',
      'open.together',
      'list.gone-elsewhere',
      'version.holds-across-instances',
      'entries.across-instances',
      'race.put-absent',
      'race.read-while-writing',
      'race.history',
      'cas.forced-overlap',
      'cas.hung-write',
      'cas.create-race',
      'cas.storm-several-instances',
      'cas.storm-of-moves',
      'close.one-of-several',
    ],
    perhapsBy: ['durability.killed-idle', 'open.amid-writes', 'durability.reopen-many', 'race.entry-against-child'],
  },
  {
    name: 'mints versions on load',
    why: 'Versions live in memory only and are made up anew when the store is opened.',
    createStore: () => shared((store) => new MintsOnLoad(store)),
    caughtBy: ['version.survives-reopen'],
    perhapsBy: ['durability.reopen-many'],
  },
  {
    name: 'counts versions from the start',
    why: 'A counter in memory begins again with the process, and so do the versions.',
    createStore: () => wrappingShared((inner) => new CountsFromTheStart(inner), { ...SHARED, sharing: 'instance' }),
    caughtBy: ['version.no-aba-after-reopen'],
    perhapsBy: ['durability.reopen-many'],
  },
];
