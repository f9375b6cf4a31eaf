import { tmpdir } from 'node:os';
import {
  HoldfastError,
  isHoldfastError,
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
} from '@holdfast/core';
import type { PutRequest } from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

/** Throws something else than the good filesystem behind it. */
abstract class ChangesErrors extends Passthrough {
  protected abstract change(error: HoldfastError): unknown;

  readonly #throw = (error: unknown): never => {
    throw isHoldfastError(error) ? this.change(error) : error;
  };

  override get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return super.get(path, options).catch(this.#throw);
  }

  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    return super.put(path, entry, expectation, options).catch(this.#throw);
  }

  override delete(path: string, expectation: DeleteExpectation, options?: OperationOptions): Promise<DeleteResult> {
    return super.delete(path, expectation, options).catch(this.#throw);
  }

  override list(directory: string, options?: ListOptions): Promise<ListPage> {
    return super.list(directory, options).catch(this.#throw);
  }

  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    try {
      yield* super.entries(prefix, options);
    } catch (error) {
      this.#throw(error);
    }
  }
}

class ThrowsDriverErrors extends ChangesErrors {
  protected override change(error: HoldfastError): unknown {
    return error.code === 'BACKEND_FAILED' ? error.rawCause() : error;
  }
}

class QuotesTheDriver extends ChangesErrors {
  protected override change(error: HoldfastError): HoldfastError {
    const { code, operation, path, outcome } = error;
    const cause = error.rawCause();
    // The word of the driver is what is wrong here; it is in the cause of the cause when a reply was lost.
    const driver = isHoldfastError(cause) ? cause.rawCause() : cause;
    if (!(driver instanceof Error)) return error;
    return new HoldfastError(code, `${error.message}: ${driver.message}`, { operation, path, outcome, cause });
  }
}

class NamesHostPaths extends ChangesErrors {
  protected override change(error: HoldfastError): HoldfastError {
    const { code, message, operation, path, outcome, cause } = error;
    if (path === undefined) return error;
    return new HoldfastError(code, message, { operation, path: `/srv/data${path}`, outcome, cause });
  }
}

class NamesNoOperation extends ChangesErrors {
  protected override change({ code, message, path, outcome, cause }: HoldfastError): HoldfastError {
    return new HoldfastError(code, message, { path, outcome, cause });
  }
}

class ForgetsOutcomes extends ChangesErrors {
  protected override change(error: HoldfastError): HoldfastError {
    const { code, message, operation, path, cause } = error;
    if (code !== 'BUSY' && code !== 'UNAVAILABLE') return error;
    return new HoldfastError(code, message, { operation, path, outcome: 'unknown', cause });
  }
}

class HasOneCodeForAll extends ChangesErrors {
  protected override change(error: HoldfastError): HoldfastError {
    const { code, message, operation, path, outcome } = error;
    const specific = code === 'STORAGE_FULL' || code === 'ACCESS_DENIED' || code === 'CORRUPT' || code === 'BUSY';
    return specific ? new HoldfastError('BACKEND_FAILED', message, { operation, path, outcome }) : error;
  }
}

class TakesAMismatchForBusy extends ChangesErrors {
  protected override change(error: HoldfastError): HoldfastError {
    const { message, operation, path } = error;
    if (error.code !== 'VERSION_MISMATCH') return error;
    return new HoldfastError('BUSY', message, { operation, path, outcome: 'not-applied' });
  }
}

class RetriesEverything extends Passthrough {
  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    return super.put(path, entry, expectation, options).catch((error: unknown) => {
      const hopeless = isHoldfastError(error, 'STORAGE_FULL') || isHoldfastError(error, 'ACCESS_DENIED');
      if (!hopeless) throw error;
      return super.put(path, entry, expectation, options);
    });
  }
}

/** Makes what the disk said an error of its own first, which is the cause of what the call ends with. */
class SaysWhereInACause extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    try {
      await super._put(request);
    } catch (error) {
      const cause = new HoldfastError('BACKEND_FAILED', `EEXIST: ${tmpdir()}/store/entry`);
      throw isHoldfastError(error) ? new HoldfastError(error.code, error.message, { cause }) : error;
    }
  }
}

class QuotesWhatItFound extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const found = await super._get(request.path);
    await super._put(request).catch((error: unknown) => {
      if (!isHoldfastError(error, 'VERSION_MISMATCH')) throw error;
      throw new HoldfastError('VERSION_MISMATCH', `found ${new TextDecoder().decode(found?.body)}`);
    });
  }
}

/** Errors that are raw, lost, misplaced, or say too much. */
export const brokenErrors: readonly BrokenAdapter[] = [
  {
    name: 'says in a cause where its files are',
    why: 'What the disk said is wrapped twice, and loggers print the causes of an error too.',
    createStore: () => alone(new SaysWhereInACause()),
    caughtBy: ['error.without-bodies'],
  },
  {
    name: 'throws driver errors',
    why: 'What no mapping was written for goes straight to the caller.',
    createStore: () => wrapping((inner) => new ThrowsDriverErrors(inner)),
    caughtBy: ['error.unclassified', 'error.discreet'],
  },
  {
    name: 'quotes the driver',
    why: "A message with the driver's words in it, and the connection string in those.",
    createStore: () => wrapping((inner) => new QuotesTheDriver(inner)),
    caughtBy: ['error.discreet'],
  },
  {
    name: 'names host paths',
    why: 'The path of the error is the one on the disk.',
    createStore: () => wrapping((inner) => new NamesHostPaths(inner)),
    caughtBy: ['error.refusals', 'error.unclassified', 'error.classified'],
  },
  {
    name: 'names no operation',
    why: 'An error class of its own with fewer fields.',
    createStore: () => wrapping((inner) => new NamesNoOperation(inner)),
    caughtBy: ['error.refusals', 'error.unclassified', 'error.classified'],
  },
  {
    name: 'forgets outcomes',
    why: 'A layer that makes the error anew and leaves out what it does not know.',
    createStore: () => wrapping((inner) => new ForgetsOutcomes(inner)),
    caughtBy: ['cas.busy-is-retried', 'reply.definite', 'error.classified'],
  },
  {
    name: 'has one code for all',
    why: 'catch (error) { throw new BackendError(error) }.',
    createStore: () => wrapping((inner) => new HasOneCodeForAll(inner)),
    caughtBy: ['cas.busy-is-retried', 'cas.other-errors-are-not-retried', 'error.classified'],
  },
  {
    name: 'takes a mismatch for busy',
    why: 'A serialization failure of the database, which says the same of both.',
    createStore: () => wrapping((inner) => new TakesAMismatchForBusy(inner)),
    caughtBy: [
      'gate.first-versioned',
      'gate.conditional-delete',
      'expectation.*-foreign-version-on-*',
      'expectation.put-absent-on-present',
      'expectation.*-stale-version-on-*',
      'expectation.put-absent-on-recreated',
      'version.no-aba-after-recreate',
      'version.no-aba-after-rewrite',
      'version.of-one-path-only',
      'hostile.token',
      'hostile.version-getter',
      'cas.exhausted',
      'cas.version-mismatch-of-apply',
    ],
  },
  {
    name: 'retries what is hopeless',
    why: 'A retry around everything, also around a full disk.',
    createStore: () => wrapping((inner) => new RetriesEverything(inner)),
    caughtBy: ['cas.other-errors-are-not-retried'],
  },
  {
    name: 'quotes what it has found',
    why: 'A message that helps: what is there is not what was expected, and this is what it is.',
    createStore: () => alone(new QuotesWhatItFound()),
    caughtBy: ['error.without-bodies'],
  },
];
