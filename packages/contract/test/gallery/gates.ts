import {
  isHoldfastError,
  type Capabilities,
  type CasExpectation,
  type DeleteExpectation,
  type DeleteResult,
  type EntryInput,
  type OperationOptions,
  type PutResult,
  type RootFilesystem,
} from '@holdfast/core';
import { wrapping, wrappingShared, type BrokenAdapter } from './support/broken-adapter.ts';
import { Passthrough } from './support/passthrough.ts';
import { BYTES_ONLY, OVERWRITE_ONLY } from './support/shared-memory.ts';

/** Claims something else than the filesystem behind it, which takes it all. */
class Claims extends Passthrough {
  readonly #claims: Capabilities;

  constructor(inner: RootFilesystem, claims: Capabilities) {
    super(inner);
    this.#claims = claims;
  }

  override capabilitiesAt(path: string): Capabilities {
    super.capabilitiesAt(path);
    return this.#claims;
  }
}

/** A byte-only filesystem, with what makes a call acceptable to it. */
abstract class FallsBack extends Passthrough {
  protected abstract fallback(entry: EntryInput, expectation: CasExpectation): [EntryInput, CasExpectation];

  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    try {
      return await super.put(path, entry, expectation, options);
    } catch (error) {
      if (!isHoldfastError(error, 'UNSUPPORTED')) throw error;
      return super.put(path, ...this.fallback(entry, expectation), options);
    }
  }
}

class FallsBackToAny extends FallsBack {
  protected override fallback(entry: EntryInput): [EntryInput, CasExpectation] {
    return [entry, 'any'];
  }
}

class FallsBackToCreation extends FallsBack {
  protected override fallback(entry: EntryInput): [EntryInput, CasExpectation] {
    return [entry, 'absent'];
  }
}

class DropsWhatItCannotStore extends FallsBack {
  protected override fallback({ body }: EntryInput, expectation: CasExpectation): [EntryInput, CasExpectation] {
    return [{ body }, expectation];
  }
}

class DeletesAnyway extends Passthrough {
  override async delete(
    path: string,
    expectation: DeleteExpectation,
    options?: OperationOptions,
  ): Promise<DeleteResult> {
    try {
      return await super.delete(path, expectation, options);
    } catch (error) {
      if (!isHoldfastError(error, 'UNSUPPORTED')) throw error;
      return super.delete(path, 'any', options);
    }
  }
}

class RefusesTooLate extends Passthrough {
  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    try {
      return await super.put(path, entry, expectation, options);
    } catch (error) {
      if (isHoldfastError(error, 'UNSUPPORTED')) await this.inner.get(path);
      throw error;
    }
  }

  override async delete(
    path: string,
    expectation: DeleteExpectation,
    options?: OperationOptions,
  ): Promise<DeleteResult> {
    if (typeof expectation === 'object' && expectation !== null) await this.inner.get(path, options);
    return super.delete(path, expectation, options);
  }
}

class ClaimsMoreOnceAsked extends DropsWhatItCannotStore {
  #asked = 0;

  override capabilitiesAt(path: string): Capabilities {
    this.#asked += 1;
    const claims = super.capabilitiesAt(path);
    return this.#asked <= 1 ? claims : { ...claims, cas: 'versioned', records: true };
  }
}

class TurnsUnsupportedIntoAny extends Passthrough {
  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    return super.put(path, entry, expectation, options).catch((error: unknown) => {
      if (!isHoldfastError(error, 'UNSUPPORTED')) throw error;
      return { version: 'unconditional' } as PutResult;
    });
  }
}

/** Gates that stand open. */
export const brokenGates: readonly BrokenAdapter[] = [
  {
    name: 'refuses nothing',
    why: 'Claims to store bytes only, and takes whatever it is given.',
    createStore: () =>
      wrapping((inner) => new Claims(inner, { ...BYTES_ONLY, sharing: 'instance', durability: 'none' })),
    caughtBy: [
      'gate.first-record',
      'gate.first-indexed',
      'gate.first-content-type',
      'gate.first-versioned',
      'gate.conditional-delete',
      'expectation.*-version-on-*',
      'version.*',
      'hostile.token',
      'hostile.version-getter',
      'bytes.indexed-copies',
      'path.entry-with-children',
      'race.put-version',
      'race.delete-version',
      'race.put-against-delete',
      'race.history',
      'reply.landed',
      'reply.not-landed',
      'reply.overtaken',
      'reply.late-first-copy',
      'reply.creation-gone',
      'reply.definite',
      'reply.unclassified',
      'reply.unreadable',
      'reply.flaky-read-back',
    ],
    perhapsBy: ['race.entry-against-child'],
  },
  {
    name: "falls back to 'any'",
    why: 'Cannot compare, so it just writes.',
    createStore: () => wrappingShared((inner) => new FallsBackToAny(inner), BYTES_ONLY),
    caughtBy: [
      'gate.first-versioned',
      'expectation.put-*-version-on-*',
      'version.*',
      'hostile.token',
      'hostile.version-getter',
      'race.put-version',
      'race.history',
    ],
  },
  {
    name: 'falls back to a creation',
    why: 'The first write with a version happens to succeed on plain disk, and none after it ever will.',
    createStore: () => wrappingShared((inner) => new FallsBackToCreation(inner), BYTES_ONLY),
    caughtBy: [
      'gate.first-versioned',
      'expectation.put-*-version-on-*',
      'version.*',
      'hostile.token',
      'hostile.version-getter',
      'race.put-version',
      'race.history',
    ],
  },
  {
    name: 'drops what it cannot store',
    why: 'Writes the body of a record and forgets that it was one.',
    createStore: () => wrappingShared((inner) => new DropsWhatItCannotStore(inner), BYTES_ONLY),
    caughtBy: ['gate.first-record', 'gate.first-indexed', 'gate.first-content-type', 'bytes.indexed-copies'],
  },
  {
    name: 'claims more once it was asked',
    why: 'An optimistic default until the probe has come back.',
    createStore: () => wrappingShared((inner) => new ClaimsMoreOnceAsked(inner), BYTES_ONLY),
    caughtBy: [
      'gate.first-record',
      'gate.first-indexed',
      'gate.first-content-type',
      'gate.cas-update',
      'gate.adapter-that-lied',
      'bytes.indexed-copies',
      'cas.*',
      'reply.cas-not-retried',
      'reply.cas-exact',
      'process.*',
    ],
  },
  {
    name: "overwrites where it cannot do 'absent'",
    why: 'A store without If-None-Match answers a creation with an overwrite.',
    createStore: () => wrappingShared((inner) => new FallsBackToAny(inner), OVERWRITE_ONLY),
    caughtBy: [
      'gate.first-versioned',
      'gate.first-absent',
      'expectation.put-absent-on-*',
      'expectation.put-*-version-on-*',
      'version.*',
      'hostile.token',
      'hostile.version-getter',
      'race.put-version',
      'race.put-absent',
      'race.history',
    ],
  },
  {
    name: 'deletes anyway',
    why: 'Cannot compare, so it just deletes.',
    createStore: () => wrappingShared((inner) => new DeletesAnyway(inner), BYTES_ONLY),
    caughtBy: [
      'gate.conditional-delete',
      'expectation.delete-*-version-on-*',
      'hostile.token',
      'race.delete-version',
      'race.put-against-delete',
    ],
  },
  {
    name: 'refuses too late',
    why: 'Asks the backend first, and so touches what it then refuses to touch.',
    createStore: () => wrappingShared((inner) => new RefusesTooLate(inner), BYTES_ONLY),
    caughtBy: [
      'gate.first-record',
      'gate.first-indexed',
      'gate.first-content-type',
      'gate.first-versioned',
      'gate.conditional-delete',
    ],
  },
  {
    name: 'swallows a refusal',
    why: 'An UNSUPPORTED that comes late is logged, and the caller told that all is well.',
    createStore: () => wrapping((inner) => new TurnsUnsupportedIntoAny(inner)),
    caughtBy: ['gate.adapter-that-lied'],
  },
];
