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
import { HoldfastError, isHoldfastError } from '@holdfast/core';
import type { OperationContext, PutRequest } from '@holdfast/core/adapter';
import { alone, wrapping, wrappingShared, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, nextTurn } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';
import { BYTES_ONLY } from './support/shared-memory.ts';

/** Does something to the options of every call before passing them on. */
abstract class ChangesOptions extends Passthrough {
  protected abstract change<O extends OperationOptions>(options: O): O;

  #changed<O extends OperationOptions>(options: O | undefined): O | undefined {
    return typeof options === 'object' && options !== null ? this.change(options) : options;
  }

  override get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return super.get(path, this.#changed(options));
  }

  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    return super.put(path, entry, expectation, this.#changed(options));
  }

  override delete(path: string, expectation: DeleteExpectation, options?: OperationOptions): Promise<DeleteResult> {
    return super.delete(path, expectation, this.#changed(options));
  }

  override list(directory: string, options?: ListOptions): Promise<ListPage> {
    return super.list(directory, this.#changed(options));
  }

  override entries(prefix: string, options?: EntriesOptions): AsyncIterableIterator<Snapshot> {
    return super.entries(prefix, this.#changed(options));
  }
}

class RemembersListings extends Passthrough {
  readonly #pages = new Map<string, ListPage>();

  override async list(directory: string, options?: ListOptions): Promise<ListPage> {
    const known = options === undefined ? this.#pages.get(directory) : undefined;
    if (known !== undefined) return structuredClone(known);
    const page = await super.list(directory, options);
    if (options === undefined) this.#pages.set(directory, page);
    return page;
  }

  override async put(...given: Parameters<Passthrough['put']>): Promise<PutResult> {
    return await super.put(...given).finally(() => this.#pages.clear());
  }

  override async delete(...given: Parameters<Passthrough['delete']>): Promise<DeleteResult> {
    return await super.delete(...given).finally(() => this.#pages.clear());
  }

  override async close(): Promise<void> {
    this.#pages.clear();
    await super.close();
  }
}

// Claims nothing that takes a process to show: a scenario of what hangs is not given the time to start one.
const BYTES_IN_MEMORY: Capabilities = { ...BYTES_ONLY, durability: 'none' };

class IgnoresSignals extends ChangesOptions {
  protected override change<O extends OperationOptions>(options: O): O {
    return options.signal instanceof AbortSignal ? { ...options, signal: undefined } : options;
  }
}

class IgnoresDeadlines extends ChangesOptions {
  protected override change<O extends OperationOptions>(options: O): O {
    const { timeoutMs } = options;
    const sound = typeof timeoutMs === 'number' && timeoutMs >= 0 && timeoutMs <= 60_000;
    return sound ? { ...options, timeoutMs: undefined } : options;
  }
}

class OverflowsDeadlines extends ChangesOptions {
  protected override change<O extends OperationOptions>(options: O): O {
    const { timeoutMs } = options;
    const overflows = typeof timeoutMs === 'number' && timeoutMs >= 2 ** 15 && timeoutMs < 2 ** 16;
    return overflows ? { ...options, timeoutMs: 0 } : options;
  }
}

class LeavesListeners extends ChangesOptions {
  protected override change<O extends OperationOptions>(options: O): O {
    if (options.signal instanceof AbortSignal) options.signal.addEventListener('abort', () => {});
    return options;
  }
}

class LooksAtTheSignalOnceOnly extends Passthrough {
  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    const first = await super.entries(prefix, options).next();
    if (first.done === true) return;
    yield first.value;
    yield* super.entries(prefix, { ...options, signal: undefined, after: first.value.path });
  }
}

class LooksAtTheSignalTooLate extends Passthrough {
  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    if (options?.signal?.aborted === true || options?.timeoutMs === 0) await this.inner.get(path);
    return super.get(path, options);
  }
}

class PromisesAfterAnAbort extends Passthrough {
  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    return super.put(path, entry, expectation, options).catch((error: unknown) => {
      if (!isHoldfastError(error) || (error.code !== 'ABORTED' && error.code !== 'TIMEOUT')) throw error;
      throw new HoldfastError(error.code, error.message, { operation: 'put', path, outcome: 'not-applied' });
    });
  }
}

class GivesUpAtOnce extends Passthrough {
  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const put = super.put(path, entry, expectation, options);
    const signal = options?.signal;
    if (!(signal instanceof AbortSignal) || signal.aborted) return put;
    const aborted = new Promise<never>((_resolve, reject) => {
      const give = (): void => reject(new HoldfastError('ABORTED', 'aborted', { operation: 'put', path }));
      signal.addEventListener('abort', give, { once: true });
      const forget = (): void => signal.removeEventListener('abort', give);
      put.then(forget, forget);
    });
    return Promise.race([put, aborted]);
  }
}

class GivesUpOnTime extends Passthrough {
  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const put = super.put(path, entry, expectation, options);
    const timeoutMs = options?.timeoutMs;
    if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs < 10_000)) return put;
    const late = new Promise<never>((_resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new HoldfastError('TIMEOUT', 'too late', { operation: 'put', path }));
      }, timeoutMs - 10);
      const forget = (): void => clearTimeout(timer);
      put.then(forget, forget);
    });
    return Promise.race([put, late]);
  }
}

class TriesAgainAllTheSame extends GoodMemory {
  protected override async _put(request: PutRequest, context?: OperationContext): Promise<void> {
    await nextTurn();
    if (context?.signal.aborted !== true) return super._put(request);
    setTimeout(() => void super._put(request).catch(() => {}), 20);
    throw new HoldfastError('ABORTED', 'taken back', { outcome: 'not-applied' });
  }
}

/** Signals and deadlines that are not heard, or answered wrongly. */
export const brokenPatience: readonly BrokenAdapter[] = [
  {
    name: 'ignores signals',
    hangs: true,
    why: 'A driver that cannot cancel, and an adapter that does not stop waiting either.',
    createStore: () => wrapping((inner) => new IgnoresSignals(inner)),
    caughtBy: ['abort.before', 'abort.during', 'abort.between-pages', 'abort.write-that-landed'],
  },
  {
    name: 'ignores deadlines',
    hangs: true,
    why: 'The timeout is not passed down: one hung connection hangs every caller.',
    createStore: () => wrapping((inner) => new IgnoresDeadlines(inner)),
    caughtBy: ['deadline.hung-backend', 'deadline.passed-before', 'deadline.write-that-landed'],
  },
  {
    name: 'ignores signals, bytes only',
    hangs: true,
    why: 'The same on a backend without versions, where reads are all that can be ended.',
    createStore: () => wrappingShared((inner) => new IgnoresSignals(inner), BYTES_IN_MEMORY),
    caughtBy: ['abort.before', 'abort.during', 'abort.between-pages', 'abort.write-that-landed', 'abort.cas-update'],
  },
  {
    name: 'ignores deadlines, bytes only',
    hangs: true,
    why: 'The same on a backend without versions, where reads are all that can be ended.',
    createStore: () => wrappingShared((inner) => new IgnoresDeadlines(inner), BYTES_IN_MEMORY),
    caughtBy: ['deadline.hung-backend', 'deadline.passed-before', 'deadline.write-that-landed', 'deadline.cas-update'],
  },
  {
    name: 'overflows deadlines',
    why: 'A field of 16 bits for the timeout: what is far away has passed at once.',
    createStore: () => wrapping((inner) => new OverflowsDeadlines(inner)),
    caughtBy: ['deadline.generous'],
  },
  {
    name: 'leaves listeners',
    why: 'One listener for each call on a signal that lives as long as the process.',
    createStore: () => wrapping((inner) => new LeavesListeners(inner)),
    caughtBy: ['abort.leaves-nothing-behind'],
  },
  {
    name: 'looks at the signal only once',
    why: 'The signal is checked when the iteration begins and never again.',
    createStore: () => wrapping((inner) => new LooksAtTheSignalOnceOnly(inner)),
    caughtBy: ['entries.pages-as-of-now', 'abort.between-pages'],
  },
  {
    name: 'looks at the signal too late',
    why: 'Connects before it looks.',
    createStore: () => wrapping((inner) => new LooksAtTheSignalTooLate(inner)),
    caughtBy: ['abort.before', 'deadline.passed-before'],
  },
  {
    name: 'promises after giving up',
    why: 'An abort is taken for "nothing happened", although the write was in flight.',
    createStore: () => wrapping((inner) => new PromisesAfterAnAbort(inner)),
    // An update leaves it behind at the moment at which it answers.
    perhapsBy: ['abort.cas-update', 'deadline.cas-update'],
    caughtBy: ['abort.during', 'deadline.hung-backend'],
  },
  {
    name: 'gives up at once',
    why: 'Does not look whether the write landed that it stops waiting for.',
    createStore: () => wrapping((inner) => new GivesUpAtOnce(inner)),
    caughtBy: ['abort.write-that-landed'],
    perhapsBy: ['abort.cas-update'],
  },
  {
    name: 'gives up on time',
    why: 'Promise.race with a timer: the write that landed counts as unknown.',
    createStore: () => wrapping((inner) => new GivesUpOnTime(inner)),
    caughtBy: ['deadline.write-that-landed'],
  },
  {
    name: 'remembers listings',
    why: 'What is answered from memory is answered without a turn of the event loop, also in a loop.',
    createStore: () => wrapping((inner) => new RemembersListings(inner)),
    caughtBy: ['deadline.event-loop'],
  },
  {
    name: 'does what was taken back a little later',
    why: 'What waits for its turn to be tried again is answered when its caller gives up, and tried all the same.',
    createStore: () => alone(new TriesAgainAllTheSame()),
    caughtBy: ['abort.every-moment'],
  },
];
