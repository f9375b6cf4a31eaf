import {
  HoldfastError,
  isHoldfastError,
  type EntriesOptions,
  type OperationOptions,
  type RootFilesystem,
  type Snapshot,
} from '@holdfast/core';
import { wrapping, wrappingShared, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, nextTurn } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

class NeverCloses extends Passthrough {
  override async close(): Promise<void> {}
}

class DoesNotWait extends Passthrough {
  override async close(): Promise<void> {
    void super.close();
  }
}

/** Has a queue in front of the store, which its close knows nothing of. */
class ForgetsItsQueue extends Passthrough {
  override async put(...given: Parameters<RootFilesystem['put']>): ReturnType<RootFilesystem['put']> {
    const [path, entry, expectation, options] = given;
    if (!(entry?.body instanceof Uint8Array)) return super.put(...given);
    // The caller may change what it passed.
    const kept = { ...entry, body: new Uint8Array(entry.body) };
    if (entry.body.length > 4096) await nextTurn();
    return super.put(path, kept, expectation, options);
  }
}

class ClosesWhenItIsDone extends Passthrough {
  #closed: Promise<void> | undefined;

  override close(): Promise<void> {
    this.#closed ??= new Promise<void>((resolve) => {
      setImmediate(resolve);
    }).then(() => super.close());
    return this.#closed;
  }
}

class ClosesOnlyOnce extends Passthrough {
  #closed = false;

  override async close(): Promise<void> {
    if (this.#closed) throw new HoldfastError('CLOSED', 'closed already', { operation: 'close' });
    this.#closed = true;
    return super.close();
  }
}

class EndsIterationsQuietly extends Passthrough {
  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    let seen = 0;
    try {
      for await (const found of super.entries(prefix, options)) {
        seen += 1;
        yield found;
      }
    } catch (error) {
      const quietly = seen > 0 && (isHoldfastError(error, 'CLOSED') || isHoldfastError(error, 'ABORTED'));
      if (!quietly) throw error;
    }
  }
}

class AnswersReadsAfterClose extends Passthrough {
  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return super.get(path, options).catch((error: unknown) => {
      if (isHoldfastError(error, 'CLOSED')) return undefined;
      throw error;
    });
  }
}

class ClosesThePool extends Passthrough {
  readonly #siblings: Set<RootFilesystem>;

  constructor(inner: RootFilesystem, siblings: Set<RootFilesystem>) {
    super(inner);
    this.#siblings = siblings.add(inner);
  }

  override async close(): Promise<void> {
    await Promise.all([...this.#siblings].map((sibling) => sibling.close()));
    this.#siblings.clear();
  }
}

/** What the instances of one process share: whose calls are under way. */
class SharedCalls {
  readonly #ends = new Map<RootFilesystem, Set<(error: HoldfastError) => void>>();

  async during<T>(owner: RootFilesystem, call: Promise<T>): Promise<T> {
    const mine = this.#ends.get(owner) ?? new Set();
    this.#ends.set(owner, mine);
    const { promise, reject } = Promise.withResolvers<never>();
    mine.add(reject);
    try {
      return await Promise.race([call, promise]);
    } finally {
      mine.delete(reject);
    }
  }

  endAllBut(owner: RootFilesystem): void {
    for (const [other, ends] of this.#ends) {
      if (other !== owner) for (const end of ends) end(new HoldfastError('CLOSED', 'closed', { outcome: 'unknown' }));
    }
  }
}

class EndsCallsOfAll extends Passthrough {
  readonly #calls: SharedCalls;

  constructor(inner: RootFilesystem, calls: SharedCalls) {
    super(inner);
    this.#calls = calls;
  }

  override put(...given: Parameters<Passthrough['put']>): ReturnType<Passthrough['put']> {
    return this.#calls.during(this, super.put(...given));
  }

  override async close(): Promise<void> {
    this.#calls.endAllBut(this);
    return super.close();
  }
}

class IteratesAfterClose extends Passthrough {
  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    let begun = false;
    try {
      for await (const found of super.entries(prefix, options)) {
        begun = true;
        yield found;
      }
    } catch (error) {
      if (begun || !isHoldfastError(error, 'CLOSED')) throw error;
    }
  }
}

class LeavesATimer extends GoodMemory {
  // Ends by itself, so that nothing waits for it here.
  protected readonly sweeping: NodeJS.Timeout = setTimeout(() => {}, 2000);
}

/** Closes that come too early, too late, too often, or for too many. */
export const brokenCloses: readonly BrokenAdapter[] = [
  {
    name: 'never closes',
    why: 'close is a method of the interface that somebody meant to fill in later.',
    createStore: () => wrapping((inner) => new NeverCloses(inner)),
    caughtBy: [
      'version.survives-reopen',
      'version.no-aba-after-reopen',
      'version.holds-across-instances',
      'version.new-per-process',
      'version.no-aba-across-processes',
      'close.refuses',
      'close.at-once',
      'close.waits',
      'close.between-pages',
      'close.calls-of-others',
      'close.one-of-several',
      'durability.reopen',
    ],
  },
  {
    name: 'does not wait',
    why: 'A forgotten await: the process ends before the write does.',
    createStore: () => wrapping((inner) => new DoesNotWait(inner)),
    caughtBy: ['close.waits'],
  },
  {
    name: 'forgets what waits in its queue',
    why: 'What is large waits for its turn, and close counts what is being sent only.',
    createStore: () => wrappingShared((inner) => new ForgetsItsQueue(inner)),
    caughtBy: ['close.writes-under-way'],
    perhapsBy: ['abort.*', 'deadline.*', 'close.at-once', 'hostile.entry'],
  },
  {
    name: 'refuses only when it is done closing',
    why: 'Work goes on coming in while the backend is being torn down.',
    createStore: () => wrapping((inner) => new ClosesWhenItIsDone(inner)),
    caughtBy: ['close.at-once'],
  },
  {
    name: 'closes only once',
    why: 'The second close is an error, so that a finally block hides what went wrong before.',
    createStore: () => wrapping((inner) => new ClosesOnlyOnce(inner)),
    caughtBy: ['close.refuses'],
  },
  {
    name: 'ends iterations quietly',
    why: 'An iteration that was cut short looks complete.',
    createStore: () => wrapping((inner) => new EndsIterationsQuietly(inner)),
    caughtBy: ['abort.between-pages', 'close.between-pages'],
  },
  {
    name: 'answers reads after close',
    why: 'A closed store that looks empty.',
    createStore: () => wrapping((inner) => new AnswersReadsAfterClose(inner)),
    caughtBy: [
      'version.survives-reopen',
      'version.no-aba-after-reopen',
      'version.holds-across-instances',
      'version.new-per-process',
      'version.no-aba-across-processes',
      'close.refuses',
      'close.at-once',
      'close.one-of-several',
      'durability.reopen',
    ],
  },
  {
    name: 'closes the pool for everybody',
    why: 'Two instances share one pool, and the first to close ends it.',
    createStore: () => {
      const siblings = new Set<RootFilesystem>();
      return wrappingShared((inner) => new ClosesThePool(inner, siblings));
    },
    caughtBy: ['close.refuses', 'close.one-of-several', 'close.calls-of-others'],
  },
  {
    name: 'ends the calls of all when one is closed',
    why: 'One abort controller for everything that shares a connection, fired by whoever closes first.',
    createStore: () => {
      const calls = new SharedCalls();
      return wrappingShared((inner) => new EndsCallsOfAll(inner, calls));
    },
    caughtBy: ['close.calls-of-others'],
  },
  {
    name: 'leaves a timer',
    why: 'What is expired is swept now and then, and nobody ends that: the program does not either.',
    createStore: () => ({ open: async () => new LeavesATimer(), destroy: async () => {} }),
    caughtBy: ['close.leaves-no-timer'],
  },
  {
    name: 'has an empty iteration after close',
    why: 'An iteration that finds everything closed has nothing to give, and says so with an end.',
    createStore: () => wrapping((inner) => new IteratesAfterClose(inner)),
    caughtBy: ['close.refuses', 'close.calls-of-others'],
  },
];
