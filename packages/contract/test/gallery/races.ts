import {
  HoldfastError,
  type CasExpectation,
  type DeleteExpectation,
  type DeleteResult,
  type EntriesOptions,
  type EntryInput,
  type ListOptions,
  type ListPage,
  type OperationOptions,
  type PutResult,
  type Snapshot,
  type VirtualPath,
} from '@holdfast/core';
import type { DeleteRequest, ParsedExpectation, PutRequest } from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, mismatch, nextTurn } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

// In bytes; what is shorter is written at once.
const PAGE = 16;

class ChecksThenWrites extends GoodMemory {
  protected async check(path: VirtualPath, expectation: ParsedExpectation): Promise<void> {
    const stored = await super._get(path);
    await nextTurn();
    const holds =
      expectation === 'any' ||
      (expectation === 'absent' ? stored === undefined : stored?.version === expectation.version);
    if (!holds) throw mismatch();
  }

  protected override async _put(request: PutRequest): Promise<void> {
    await this.check(request.path, request.expectation);
    return super._put({ ...request, expectation: 'any' });
  }
}

class ChecksThenCreates extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    if (request.expectation !== 'absent') return super._put(request);
    const exists = (await super._get(request.path)) !== undefined;
    await nextTurn();
    if (exists) throw mismatch();
    return super._put({ ...request, expectation: 'any' });
  }
}

class ChecksThenDeletes extends GoodMemory {
  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    if (request.expectation === 'any') return super._delete(request);
    const stored = await super._get(request.path);
    await nextTurn();
    if (stored?.version !== request.expectation.version) throw mismatch();
    await super._delete({ ...request, expectation: 'any' });
    return true;
  }
}

class WritesPageByPage extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { entry, path, version } = request;
    const old = (await super._get(path))?.body ?? new Uint8Array();
    const body = new Uint8Array([...entry.body.subarray(0, PAGE), ...old.subarray(PAGE)]);
    if (entry.body.length <= PAGE || old.length <= PAGE) return super._put(request);
    await super._put({ ...request, entry: { ...entry, body } });
    await nextTurn();
    if ((await super._get(path))?.version === version) await super._put({ ...request, expectation: 'any' });
  }
}

/** Puts the row of a large entry first and its body, which has a place of its own, afterwards. */
class WritesBodiesAfterVersions extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { path, entry, version } = request;
    const before = (await super._get(path))?.body;
    if (before === undefined || entry.body.length < 1000) return super._put(request);
    await super._put({ ...request, entry: { ...entry, body: before } });
    await nextTurn();
    if ((await super._get(path))?.version === version) await super._put({ ...request, expectation: 'any' });
  }
}

class OverwritesInPlace extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { entry } = request;
    const old = (await super._get(request.path))?.body;
    if (old === undefined || entry.body.length < 1000) return super._put(request);
    // Never truncated: the tail of a longer body stays.
    const body = new Uint8Array(Math.max(old.length, entry.body.length));
    body.set(old);
    body.set(entry.body);
    await nextTurn();
    return super._put({ ...request, entry: { ...entry, body } });
  }
}

// Long enough that nobody waits that long for somebody who does not hang.
const LOCK_TIMEOUT_MS = 1000;

/** Hands out one turn after the other for each key, and lets nobody wait for ever. */
class Mutexes {
  readonly #tails = new Map<string, Promise<unknown>>();

  async hold<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const done = Promise.withResolvers<void>();
    this.#tails.set(
      key,
      before.then(() => done.promise),
    );
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const refuse = (): void => reject(new HoldfastError('TIMEOUT', 'waited for a lock', { outcome: 'not-applied' }));
      timer = setTimeout(refuse, LOCK_TIMEOUT_MS);
    });
    try {
      await Promise.race([before, late]);
      clearTimeout(timer);
      return await work();
    } finally {
      clearTimeout(timer);
      done.resolve();
    }
  }
}

class LocksEachPath extends Passthrough {
  readonly #mutexes = new Mutexes();

  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const copy = copied(entry);
    return this.#mutexes.hold(path, () => super.put(path, copy, expectation, options));
  }
}

class LocksEverything extends Passthrough {
  readonly #mutexes = new Mutexes();

  override get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return this.#mutexes.hold('', () => super.get(path, options));
  }

  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const copy = copied(entry);
    return this.#mutexes.hold('', () => super.put(path, copy, expectation, options));
  }

  override delete(path: string, expectation: DeleteExpectation, options?: OperationOptions): Promise<DeleteResult> {
    return this.#mutexes.hold('', () => super.delete(path, expectation, options));
  }

  override list(directory: string, options?: ListOptions): Promise<ListPage> {
    return this.#mutexes.hold('', () => super.list(directory, options));
  }

  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    const found = super.entries(prefix, options);
    for (;;) {
      const next: IteratorResult<Snapshot, unknown> = await this.#mutexes.hold('', () => found.next());
      if (next.done === true) return;
      yield next.value;
    }
  }
}

/** What is waiting must not change; what is no entry is left to whoever refuses it. */
function copied(entry: EntryInput): EntryInput {
  if (!(entry?.body instanceof Uint8Array) || entry.body.length === 0) return entry;
  const copy = { ...entry, body: new Uint8Array(entry.body) };
  const { indexed } = entry;
  const plain = typeof indexed === 'object' && indexed !== null && !Array.isArray(indexed);
  return plain ? { ...copy, indexed: { ...indexed } } : copy;
}

/** Checks and writes that are not one step, and locks that are held while others wait. */
export const brokenRaces: readonly BrokenAdapter[] = [
  {
    name: 'checks, then writes',
    why: 'SELECT the version, compare it in JavaScript, then UPDATE: somebody else may write in between.',
    createStore: () => alone(new ChecksThenWrites()),
    caughtBy: [
      'race.put-version',
      'race.put-absent',
      'race.put-against-delete',
      'race.history',
      'cas.forced-overlap',
      'cas.create-race',
      'cas.storm-one-instance',
      'cas.storm-several-instances',
      'reply.cas-exact',
    ],
  },
  {
    name: 'checks, then creates',
    why: 'existsSync before writeFile.',
    createStore: () => alone(new ChecksThenCreates()),
    caughtBy: ['race.put-absent', 'race.history', 'cas.create-race'],
  },
  {
    name: 'checks, then deletes',
    why: 'SELECT the version, compare it in JavaScript, then DELETE.',
    createStore: () => alone(new ChecksThenDeletes()),
    caughtBy: ['race.delete-version', 'race.put-against-delete'],
  },
  {
    name: 'writes page by page',
    why: 'A body that is written in place after its version, and read while it is half there.',
    createStore: () => alone(new WritesPageByPage()),
    caughtBy: ['race.read-while-writing', 'cas.storm-of-moves'],
  },
  {
    name: 'writes a large body after its version',
    why: 'The row says already which version it is while its body, in a place of its own, is still the one before.',
    createStore: () => alone(new WritesBodiesAfterVersions()),
    caughtBy: ['race.read-while-writing'],
    perhapsBy: ['race.every-shape'],
  },
  {
    name: 'overwrites in place without truncating',
    why: 'A file opened with r+ keeps the tail of a longer body.',
    createStore: () => alone(new OverwritesInPlace()),
    caughtBy: ['race.put-any', 'race.read-while-writing', 'bytes.replaced-whole'],
    perhapsBy: ['bytes.equal-meanwhile'],
  },
  {
    name: 'holds a lock for each path',
    why: 'A mutex that is held across the await: one writer that hangs parks all others of the record.',
    createStore: () => wrapping((inner) => new LocksEachPath(inner)),
    caughtBy: ['race.hung-call', 'cas.hung-write', 'reply.overtaken'],
  },
  {
    name: 'holds one lock for everything',
    why: 'One connection, used by one call at a time: one that hangs parks the whole store.',
    createStore: () => wrapping((inner) => new LocksEverything(inner)),
    caughtBy: ['race.hung-call', 'cas.delete-and-recreate', 'cas.hung-write', 'reply.overtaken'],
  },
];
