import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  HoldfastError,
  type Capabilities,
  type Child,
  type DirectoryPath,
  type Snapshot,
  type VirtualPath,
} from '@holdfast/core';
import {
  childPrefix,
  compareCodePoints,
  type DeleteRequest,
  type ListRequest,
  type OperationContext,
  type ParsedExpectation,
  type PathRange,
  type PutRequest,
  type ScanContext,
} from '@holdfast/core/adapter';
import { inAFile } from './processes.ts';
import { alone, shared, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, mismatch, nextTurn } from './support/good-memory.ts';
import { BYTES_ONLY, SharedMemory, type SharedStore } from './support/shared-memory.ts';

/** More than what goes into one piece. */
const LARGE = 2 ** 16;

/** Writes a body piece by piece, and has nothing to write of an empty one. */
class WritesNoPieces extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { path, entry } = request;
    const before = entry.body.length === 0 ? await super._get(path) : undefined;
    const body = before !== undefined && before.body.length > LARGE ? before.body : entry.body;
    return super._put({ ...request, entry: { ...entry, body } });
  }
}

/** Has room for a whole row that is little more than that for a body. */
class LimitsTheWholeRow extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { entry } = request;
    const { maxBodyBytes } = this._capabilitiesAt();
    const row = entry.body.length + JSON.stringify(entry.indexed ?? {}).length;
    if (row > maxBodyBytes + 256) throw new RangeError('the row is too large');
    return super._put(request);
  }
}

/** Counts an overwrite as one more entry below each directory, where it is deep. */
class CountsOverwrites extends GoodMemory {
  readonly #tooMany = new Set<string>();

  protected override async _put(request: PutRequest): Promise<void> {
    const isDeep = request.path.split('/').length > 3;
    const there = isDeep && request.expectation === 'any' && (await super._get(request.path)) !== undefined;
    await super._put(request);
    if (there) this.#tooMany.add(request.path);
  }

  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const children = await super._list(directory, request, context);
    const prefix = childPrefix(directory);
    const counted = [...this.#tooMany].filter((path) => path.startsWith(prefix) && path.includes('/', prefix.length));
    const names = new Set(counted.map((path) => path.slice(prefix.length).split('/')[0] as string));
    const left = [...names].filter((name) => request.after === undefined && !children.some((it) => it.name === name));
    return [...children, ...left.map((name) => ({ name, isEntry: false, isPrefix: true }))].toSorted((a, b) =>
      compareCodePoints(a.name, b.name),
    );
  }
}

/** Ends a page of names when their bodies, which nobody asked for, would fill one. */
class CountsBodiesOfNames extends GoodMemory {
  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    if (context.bodies) return super._scan(range, limit, context);
    const page = await super._scan(range, limit, { ...context, bodies: true });
    let sum = 0;
    const end = page.findIndex(({ body }) => (sum += body.length) >= 2 ** 21);
    return end === -1 ? page : page.slice(0, end + 1);
  }
}

/** Listens to the end of the process while it puts, and goes on when the put is refused. */
class GoesOnListening extends GoodMemory {
  readonly listeners: (() => void)[] = [];

  protected override async _put(request: PutRequest): Promise<void> {
    const listener = (): void => {};
    this.listeners.push(listener);
    process.once('beforeExit', listener);
    await super._put(request);
    process.off('beforeExit', listener);
  }
}

/** Begins to sweep with the first delete. */
class SweepsForEver extends GoodMemory {
  sweeper: NodeJS.Timeout | undefined;

  protected override _delete(request: DeleteRequest): Promise<boolean> {
    this.sweeper ??= setInterval(() => {}, 60_000);
    return super._delete(request);
  }
}

function holds(stored: Snapshot | undefined, expectation: ParsedExpectation): boolean {
  if (expectation === 'any') return true;
  return expectation === 'absent' ? stored === undefined : stored?.version === expectation.version;
}

/** Has a table of files and one of records, and a lock for each. */
class HasTwoTables extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const stored = await super._get(request.path);
    const moves = stored !== undefined && (stored.kind === undefined) !== (request.entry.kind === undefined);
    if (!moves || request.expectation === 'absent') return super._put(request);
    if (!holds(stored, request.expectation)) throw mismatch();
    await nextTurn();
    return super._put({ ...request, expectation: 'any' });
  }
}

/** How many may wait for one lock. */
const WAITERS = 24;

/** Lets those go ahead for whom there is no room to wait. */
class HasRoomForSoManyWaiters extends GoodMemory {
  readonly #waiting = new Map<string, number>();
  readonly #last = new Map<string, Promise<unknown>>();

  protected override async _put(request: PutRequest): Promise<void> {
    const { path } = request;
    const waiting = this.#waiting.get(path) ?? 0;
    if (waiting >= WAITERS) return this.#checkAndPut(request);
    this.#waiting.set(path, waiting + 1);
    const turn = (this.#last.get(path) ?? Promise.resolve()).then(() => this.#checkAndPut(request));
    this.#last.set(
      path,
      turn.catch(() => {}),
    );
    try {
      await turn;
    } finally {
      this.#waiting.set(path, (this.#waiting.get(path) as number) - 1);
    }
  }

  async #checkAndPut(request: PutRequest): Promise<void> {
    if (!holds(await super._get(request.path), request.expectation)) throw mismatch();
    await nextTurn();
    return super._put({ ...request, expectation: 'any' });
  }
}

/** Says that it is busy when the time for a long upload is up, and goes on with it. */
class GoesOnUploading extends GoodMemory {
  protected override async _put(request: PutRequest, context?: OperationContext): Promise<void> {
    if (request.entry.body.length <= LARGE) return super._put(request);
    const uploaded = sleep(20).then(() => super._put(request));
    const late = new Promise<never>((_resolve, reject) => {
      context?.signal.addEventListener('abort', () => reject(new HoldfastError('BUSY', 'no time is left')));
    });
    uploaded.catch(() => {});
    await Promise.race([uploaded, late]);
  }
}

/** What is being uploaded to a store, by anybody. */
const UPLOADS = new WeakMap<SharedStore, Set<string>>();

/** Removes what others are uploading when it is opened, as if they had died. */
class SweepsUploads extends SharedMemory {
  readonly #uploads: Set<string>;

  constructor(stored: SharedStore) {
    super(stored);
    this.#uploads = UPLOADS.get(stored) ?? new Set<string>();
    UPLOADS.set(stored, this.#uploads);
    this.#uploads.clear();
  }

  protected override async _put(request: PutRequest): Promise<void> {
    const { entry, version } = request;
    if (entry.body.length <= 4096) return super._put(request);
    this.#uploads.add(version);
    await nextTurn();
    await nextTurn();
    const body = this.#uploads.delete(version) ? entry.body : new Uint8Array(0);
    return super._put({ ...request, entry: { ...entry, body } });
  }
}

/** Reads once for all who ask in the same moment, and gives up with the first of them. */
class ReadsOnceForAll extends GoodMemory {
  readonly #reading = new Map<string, Promise<Snapshot | undefined>>();

  protected override async _get(path: VirtualPath, context?: OperationContext): Promise<Snapshot | undefined> {
    const reading = this.#reading.get(path) ?? this.#read(path, context);
    this.#reading.set(path, reading);
    queueMicrotask(() => this.#reading.delete(path));
    const found = await reading;
    return found && { ...found, body: new Uint8Array(found.body) };
  }

  async #read(path: VirtualPath, context: OperationContext | undefined): Promise<Snapshot | undefined> {
    for (let turn = 0; turn < 2; turn += 1) {
      await nextTurn();
      if (context?.signal.aborted === true) throw new HoldfastError('ABORTED', 'the request was cancelled');
    }
    return super._get(path);
  }
}

/** Says which file of the host is in the way. */
class NamesFiles extends SharedMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    try {
      await super._put(request);
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.code !== 'PATH_CONFLICT') throw error;
      throw new HoldfastError('PATH_CONFLICT', `${tmpdir()}/store${request.path} is in the way`);
    }
  }
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Hands versions to a database that knows what a UUID looks like. */
class HasAColumnOfUuids extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    this.#parse(request.expectation);
    return super._put(request);
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    this.#parse(request.expectation);
    return super._delete(request);
  }

  #parse(expectation: ParsedExpectation): void {
    if (typeof expectation === 'object' && !UUID.test(expectation.version)) throw new TypeError('no uuid');
  }
}

/** Knows that there are records once it has asked the server. */
class AsksWhenItIsUsed extends GoodMemory {
  #asked = false;

  protected override _capabilitiesAt(): ReturnType<GoodMemory['_capabilitiesAt']> {
    const claims: Capabilities = super._capabilitiesAt();
    const known: Capabilities = this.#asked ? claims : { ...claims, records: false, indexed: false };
    return known as ReturnType<GoodMemory['_capabilitiesAt']>;
  }

  protected override _get(path: VirtualPath): Promise<Snapshot | undefined> {
    this.#asked = true;
    return super._get(path);
  }

  protected override _put(request: PutRequest): Promise<void> {
    this.#asked = true;
    return super._put(request);
  }
}

/** Compares what the expected version had with what is there, as with an ETag. */
class ComparesContents extends GoodMemory {
  readonly #contents = new Map<string, string>();

  protected override async _put(request: PutRequest): Promise<void> {
    const expectation = await this.#current(request.path, request.expectation);
    await super._put({ ...request, expectation });
    this.#contents.set(request.version, Buffer.from(request.entry.body).toString('latin1'));
  }

  async #current(path: VirtualPath, expectation: ParsedExpectation): Promise<ParsedExpectation> {
    if (typeof expectation !== 'object') return expectation;
    const stored = await super._get(path);
    const expected = this.#contents.get(expectation.version);
    const isEqual =
      expected !== undefined && stored?.body !== undefined && Buffer.from(stored.body).toString('latin1') === expected;
    return isEqual && stored.version !== undefined ? { ...expectation, version: stored.version } : expectation;
  }
}

/** Closes with the store what an adapter leaves, so that the tests that run beside it do not see it. */
function leaving<A extends GoodMemory>(open: () => A, end: (left: A) => void): BrokenAdapter['createStore'] {
  return () => {
    const opened: A[] = [];
    return {
      async open() {
        const filesystem = open();
        opened.push(filesystem);
        return filesystem;
      },
      destroy: async () => opened.forEach(end),
    };
  };
}

/** Mistakes of somebody who knew the promises of the interface and had not seen the scenarios. */
export const brokenByStrangers: readonly BrokenAdapter[] = [
  {
    name: 'has nothing to write of an empty body',
    why: 'A loop over the pieces of a body, of which an empty one has none, and so leaves the old ones.',
    createStore: () => alone(new WritesNoPieces()),
    caughtBy: ['bytes.replaced-whole'],
  },
  {
    name: 'limits the whole row',
    why: 'The limit of the backend is for a row, and the limit that is claimed for a body is the same.',
    createStore: () => alone(new LimitsTheWholeRow()),
    caughtBy: ['bytes.largest'],
  },
  {
    name: 'counts an overwrite as one more entry',
    why: 'Counters for each directory, which an upsert increments whether or not it inserts.',
    createStore: () => alone(new CountsOverwrites()),
    caughtBy: ['list.gone-elsewhere'],
    perhapsBy: ['durability.killed-idle', 'durability.killed-busy', 'durability.reopen-many'],
  },
  {
    name: 'counts the bodies of names',
    why: 'The limit on the bytes of a page is applied to bodies that are not in it.',
    createStore: () => alone(new CountsBodiesOfNames()),
    caughtBy: ['list.large-child'],
  },
  {
    name: 'goes on listening to the process when a put is refused',
    why: 'A hook for a clean exit that is taken away on the way of success only.',
    createStore: leaving(
      () => new GoesOnListening(),
      ({ listeners }) => listeners.forEach((listener) => process.off('beforeExit', listener)),
    ),
    caughtBy: ['close.leaves-no-timer'],
  },
  {
    name: 'begins to sweep with the first delete',
    why: 'An interval for tombstones, which nobody stops.',
    createStore: leaving(
      () => new SweepsForEver(),
      ({ sweeper }) => clearInterval(sweeper),
    ),
    caughtBy: ['close.leaves-no-timer'],
  },
  {
    name: 'has a table of files and one of records',
    why: 'A write that moves an entry from one to the other has the lock of the one it comes from.',
    createStore: () => alone(new HasTwoTables()),
    caughtBy: ['race.every-shape'],
  },
  {
    name: 'has room for so many who wait for a lock',
    why: 'Who comes when the queue is full goes ahead without the lock, since a check follows anyway.',
    createStore: () => alone(new HasRoomForSoManyWaiters()),
    caughtBy: ['race.every-shape'],
  },
  {
    name: 'says that it is busy, and goes on with a long upload',
    why: 'The deadline ends the waiting, but not the work, and is taken for a refusal.',
    createStore: () => alone(new GoesOnUploading()),
    caughtBy: ['abort.every-moment', 'model.interrupted-calls'],
  },
  {
    name: 'sweeps what others are uploading when it is opened',
    why: 'What belongs to no entry is taken for what somebody left who crashed.',
    createStore: () => shared((store) => new SweepsUploads(store)),
    caughtBy: ['model.calls'],
  },
  {
    name: 'reads once for all and gives up with the first',
    why: 'Requests that are shared, with the signal of whoever came first.',
    createStore: () => alone(new ReadsOnceForAll()),
    caughtBy: ['model.interrupted-calls'],
  },
  {
    name: 'puts deletes by version off',
    why: 'A tombstone that goes to the disk with what comes next.',
    createStore: () => inAFile('deletes by version behind', { sharing: 'process' }),
    caughtBy: ['durability.killed-idle'],
    perhapsBy: ['durability.killed-at-once', 'durability.killed-busy'],
  },
  {
    name: 'says which file is in the way',
    why: 'The message of the operating system is passed on.',
    createStore: () => shared((store) => new NamesFiles(store, BYTES_ONLY)),
    caughtBy: ['error.without-bodies'],
  },
  {
    name: 'has a column of UUIDs for versions',
    why: 'A database that refuses a value of another form where it should find nothing.',
    createStore: () => alone(new HasAColumnOfUuids()),
    caughtBy: ['hostile.token', 'hostile.version-getter'],
  },
  {
    name: 'knows what it can do once it is used',
    why: 'A server is asked for its features with the first call.',
    createStore: () => alone(new AsksWhenItIsUsed()),
    caughtBy: ['gate.always-known'],
  },
  {
    name: 'compares contents in place of versions',
    why: 'An ETag is a hash of the content, and the same again when the content is.',
    createStore: () => alone(new ComparesContents()),
    caughtBy: [
      'version.no-aba-after-rewrite',
      'version.no-aba-after-recreate',
      'version.of-one-path-only',
      'cas.recreated-meanwhile',
    ],
  },
];
