import type {
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
import { wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { Passthrough } from './support/passthrough.ts';

class TakesUndefinedForAny extends Passthrough {
  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation = 'any',
    options?: OperationOptions,
  ): Promise<PutResult> {
    return super.put(path, entry, expectation, options);
  }
}

class DeletesByDefault extends Passthrough {
  override delete(
    path: string,
    expectation: DeleteExpectation = 'any',
    options?: OperationOptions,
  ): Promise<DeleteResult> {
    return super.delete(path, expectation, options);
  }
}

class TakesFalsyForAny extends Passthrough {
  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    return super.put(path, entry, expectation || 'any', options);
  }
}

class TakesStrings extends Passthrough {
  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const body: unknown = entry?.body;
    const converted = typeof body === 'string' ? { ...entry, body: new TextEncoder().encode(body) } : entry;
    return super.put(path, converted, expectation, options);
  }
}

/** Knows the options it knows and drops the rest. */
function pick<O extends object>(options: O | undefined, keys: readonly string[]): O | undefined {
  if (typeof options !== 'object' || options === null) return undefined;
  return Object.fromEntries(Object.entries(options).filter(([key]) => keys.includes(key))) as O;
}

class IgnoresUnknownOptions extends Passthrough {
  override get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return super.get(path, pick(options, ['signal', 'timeoutMs']));
  }
}

class ClampsPageSizes extends Passthrough {
  override list(directory: string, options?: ListOptions): Promise<ListPage> {
    const limit: unknown = options?.limit;
    if (typeof limit !== 'number' || Number.isNaN(limit)) return super.list(directory, options);
    return super.list(directory, { ...options, limit: Math.max(1, Math.min(1000, Math.floor(limit))) });
  }
}

class IgnoresMalformedCursors extends Passthrough {
  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    try {
      yield* super.entries(prefix, options);
    } catch (error) {
      const cursor = isHoldfastError(error, 'INVALID_PATH') && options?.after !== undefined;
      if (!cursor) throw error;
    }
  }
}

class ThrowsAtOnce extends Passthrough {
  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const known = expectation === 'any' || expectation === 'absent' || typeof expectation === 'object';
    if (!known) throw new HoldfastError('INVALID_ARGUMENT', 'no expectation', { operation: 'put', path });
    return super.put(path, entry, expectation, options);
  }
}

/** Arguments that are taken for something else, or not looked at. */
export const brokenArguments: readonly BrokenAdapter[] = [
  {
    name: 'takes no expectation for any',
    why: 'A default parameter: whoever forgets the expectation overwrites.',
    createStore: () => wrapping((inner) => new TakesUndefinedForAny(inner)),
    caughtBy: ['hostile.put-expectation'],
  },
  {
    name: 'deletes by default',
    why: 'A default parameter: whoever forgets the expectation deletes.',
    createStore: () => wrapping((inner) => new DeletesByDefault(inner)),
    caughtBy: ['hostile.delete-expectation'],
  },
  {
    name: 'takes falsy expectations for any',
    why: "expectation || 'any': null, 0 and the empty string overwrite.",
    createStore: () => wrapping((inner) => new TakesFalsyForAny(inner)),
    caughtBy: ['hostile.put-expectation'],
  },
  {
    name: 'takes strings',
    why: 'Lenient where the contract is strict: what comes back is something else.',
    createStore: () => wrapping((inner) => new TakesStrings(inner)),
    caughtBy: ['hostile.entry'],
  },
  {
    name: 'ignores unknown options',
    why: 'A misspelt timeout is no timeout.',
    createStore: () => wrapping((inner) => new IgnoresUnknownOptions(inner)),
    caughtBy: ['hostile.options'],
  },
  {
    name: 'clamps page sizes',
    why: 'Makes do with a limit that makes no sense.',
    createStore: () => wrapping((inner) => new ClampsPageSizes(inner)),
    caughtBy: ['hostile.pages'],
  },
  {
    name: 'ends at a malformed cursor',
    why: 'A cursor that cannot be read is taken for the end.',
    createStore: () => wrapping((inner) => new IgnoresMalformedCursors(inner)),
    caughtBy: ['hostile.pages'],
  },
  {
    name: 'throws at once',
    why: 'A function that is not async: the error never reaches the .catch of its caller.',
    createStore: () => wrapping((inner) => new ThrowsAtOnce(inner)),
    caughtBy: ['hostile.put-expectation'],
  },
];
