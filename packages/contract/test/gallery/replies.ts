import {
  HoldfastError,
  isHoldfastError,
  type CasExpectation,
  type DeleteExpectation,
  type DeleteResult,
  type EntryInput,
  type OperationOptions,
  type PutResult,
  type Snapshot,
  type VirtualPath,
} from '@holdfast/core';
import { sameBytes, type PutRequest } from '@holdfast/core/adapter';
import { alone, wrapping, wrappingShared, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';
import { misread } from './support/misreads.ts';
import { Passthrough } from './support/passthrough.ts';
import { BYTES_ONLY } from './support/shared-memory.ts';

/** Misreads the errors of its own driver. */
abstract class Misreads extends GoodMemory {
  constructor() {
    super();
    misread(this, ['_put', '_get', '_delete'], (error, method) => this.misread(error, method));
  }

  protected abstract misread(error: unknown, method: string): unknown;
}

class TakesALostReplyForAFailure extends Misreads {
  protected override misread(error: unknown): never {
    if (!isHoldfastError(error, 'UNAVAILABLE')) throw error;
    throw new HoldfastError('UNAVAILABLE', error.message, { outcome: 'not-applied' });
  }
}

class TakesEveryFailureForLost extends Misreads {
  protected override misread(error: unknown, method: string): never {
    const { code, outcome } = error as HoldfastError;
    if (method !== '_put' || code !== 'UNAVAILABLE' || outcome === 'unknown') throw error;
    throw new HoldfastError('UNAVAILABLE', 'connection lost', { outcome: 'unknown' });
  }
}

class TakesRawErrorsForRefusals extends Misreads {
  protected override misread(error: unknown, method: string): never {
    if (isHoldfastError(error) || method === '_get') throw error;
    throw new HoldfastError('BACKEND_FAILED', 'the driver failed', { outcome: 'not-applied' });
  }
}

class GivesUpReadingBack extends Misreads {
  protected override misread(error: unknown, method: string): never {
    if (method !== '_get' || !isHoldfastError(error, 'UNAVAILABLE')) throw error;
    throw new HoldfastError('BACKEND_FAILED', 'unreachable');
  }
}

class ReadsFailuresAsNothing extends Misreads {
  protected override misread(error: unknown, method: string): undefined {
    if (method !== '_get' || !isHoldfastError(error, 'ACCESS_DENIED')) throw error;
    return undefined;
  }
}

class TakesSilenceForSuccess extends Misreads {
  protected override misread(error: unknown, method: string): undefined {
    if (method !== '_put' || !isHoldfastError(error, 'UNAVAILABLE') || error.outcome !== 'unknown') throw error;
    return undefined;
  }
}

/** Does something about an unknown outcome of a put. */
abstract class ResolvesUnknown extends Passthrough {
  protected abstract resolve(
    error: HoldfastError,
    again: () => Promise<PutResult>,
    path: string,
    entry: EntryInput,
  ): Promise<PutResult>;

  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const again = (): Promise<PutResult> => super.put(path, entry, expectation, options);
    return again().catch((error: unknown) => {
      if (!isHoldfastError(error, 'OUTCOME_UNKNOWN')) throw error;
      return this.resolve(error, again, path, entry);
    });
  }
}

class RepeatsUnknownWrites extends ResolvesUnknown {
  protected override resolve(_error: HoldfastError, again: () => Promise<PutResult>): Promise<PutResult> {
    return again();
  }
}

class ComparesBytes extends ResolvesUnknown {
  protected override async resolve(
    error: HoldfastError,
    _again: unknown,
    path: string,
    entry: EntryInput,
  ): Promise<PutResult> {
    const found = await this.inner.get(path);
    if (found === undefined || !sameBytes(found.body, entry.body)) throw error;
    return { version: found.version };
  }
}

class TakesUnknownForAMismatch extends ResolvesUnknown {
  protected override async resolve(_error: HoldfastError, _again: unknown, path: string): Promise<never> {
    throw new HoldfastError('VERSION_MISMATCH', 'changed meanwhile', { operation: 'put', path });
  }
}

class TakesGoneForDeleted extends Passthrough {
  override async delete(
    path: string,
    expectation: DeleteExpectation,
    options?: OperationOptions,
  ): Promise<DeleteResult> {
    return super.delete(path, expectation, options).catch(async (error: unknown) => {
      if (!isHoldfastError(error, 'OUTCOME_UNKNOWN')) throw error;
      const gone = (await this.inner.get(path)) === undefined;
      if (!gone) throw error;
      return { deleted: true };
    });
  }
}

class EncryptsInPlace extends GoodMemory {
  protected override _put(request: PutRequest): Promise<void> {
    hide(request.entry.body);
    return super._put(request);
  }

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    if (found !== undefined) hide(found.body);
    return found;
  }

  protected override async _scan(...given: Parameters<GoodMemory['_scan']>): Promise<readonly Snapshot[]> {
    const page = await super._scan(...given);
    for (const { body } of page) hide(body);
    return page;
  }
}

function hide(body: Uint8Array): void {
  for (const [index, byte] of body.entries()) body[index] = byte ^ 0x5a;
}

/** Replies that were lost, and the wrong conclusions. */
export const brokenReplies: readonly BrokenAdapter[] = [
  {
    name: 'takes a lost reply for a failure',
    why: 'ECONNRESET is mapped to "not applied", although the commit may have been on its way.',
    createStore: () => alone(new TakesALostReplyForAFailure()),
    caughtBy: [
      'reply.landed',
      'reply.not-landed',
      'reply.overtaken',
      'reply.late-first-copy',
      'reply.creation-gone',
      'reply.delete',
      'reply.unreadable',
      'reply.flaky-read-back',
      'reply.cas-not-retried',
      'reply.cas-exact',
    ],
  },
  {
    name: 'takes every failure for lost',
    why: 'A refused connection, on which nothing was sent, is mapped like one that broke.',
    createStore: () => alone(new TakesEveryFailureForLost()),
    caughtBy: ['reply.definite', 'error.classified'],
  },
  {
    name: 'takes raw errors for refusals',
    why: 'The default of the error mapping promises that nothing was applied.',
    createStore: () => alone(new TakesRawErrorsForRefusals()),
    caughtBy: ['reply.unclassified', 'error.unclassified'],
  },
  {
    name: 'gives up reading back',
    why: 'The first read after a lost reply often fails too; here it is taken for the last word.',
    createStore: () => alone(new GivesUpReadingBack()),
    caughtBy: ['reply.flaky-read-back', 'error.classified'],
  },
  {
    name: 'reads failures as nothing',
    why: 'catch { return undefined } around a read.',
    createStore: () => alone(new ReadsFailuresAsNothing()),
    caughtBy: ['error.classified'],
  },
  {
    name: 'takes silence for success',
    why: 'Fire and forget.',
    createStore: () => alone(new TakesSilenceForSuccess()),
    caughtBy: [
      'reply.not-landed',
      'reply.overtaken',
      'reply.late-first-copy',
      'reply.creation-gone',
      'reply.unreadable',
      'reply.flaky-read-back',
      'reply.cas-not-retried',
      'reply.cas-exact',
    ],
  },
  {
    name: 'repeats writes of unknown outcome',
    why: 'A retry with a new version: both copies may land, one of them on top of somebody else.',
    createStore: () => wrapping((inner) => new RepeatsUnknownWrites(inner)),
    caughtBy: ['reply.overtaken', 'reply.creation-gone', 'reply.unreadable', 'reply.cas-not-retried'],
  },
  {
    name: 'compares bytes after a lost reply',
    why: 'The same bytes are taken for the same write.',
    createStore: () => wrapping((inner) => new ComparesBytes(inner)),
    caughtBy: ['reply.overtaken', 'reply.unreadable', 'error.unclassified'],
  },
  {
    name: 'takes unknown for a mismatch',
    why: 'So that the caller retries: a counter counts twice.',
    createStore: () => wrapping((inner) => new TakesUnknownForAMismatch(inner)),
    caughtBy: [
      'cas.busy-is-retried',
      'reply.overtaken',
      'reply.creation-gone',
      'reply.unreadable',
      'reply.cas-not-retried',
      'error.unclassified',
    ],
  },
  {
    name: 'takes gone for deleted, bytes only',
    why: 'The same on a backend without versions.',
    createStore: () => wrappingShared((inner) => new TakesGoneForDeleted(inner), BYTES_ONLY),
    caughtBy: ['reply.delete', 'error.unclassified'],
  },
  {
    name: 'takes gone for deleted',
    why: 'The entry is gone, so our delete must have been the one.',
    createStore: () => wrapping((inner) => new TakesGoneForDeleted(inner)),
    caughtBy: ['reply.delete', 'error.unclassified'],
  },
  {
    name: 'encrypts in place',
    why: 'The buffer that was handed over is as good as any; sent again, it is encrypted twice.',
    createStore: () => alone(new EncryptsInPlace()),
    caughtBy: ['reply.same-request'],
  },
];
