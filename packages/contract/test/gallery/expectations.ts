import {
  HoldfastError,
  isHoldfastError,
  type CasExpectation,
  type EntryInput,
  type OperationOptions,
  type PutResult,
} from '@holdfast/core';
import type { DeleteRequest, PutRequest } from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, mismatch } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

class IgnoresTheVersionOfPut extends GoodMemory {
  protected override _put(request: PutRequest): Promise<void> {
    const { expectation } = request;
    return super._put({ ...request, expectation: expectation === 'absent' ? 'absent' : 'any' });
  }
}

class UpsertsWhereNothingIs extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const missing = (await super._get(request.path)) === undefined;
    const upsert = missing && typeof request.expectation === 'object';
    return super._put(upsert ? { ...request, expectation: 'any' } : request);
  }
}

class OverwritesOnAbsent extends GoodMemory {
  protected override _put(request: PutRequest): Promise<void> {
    const { expectation } = request;
    return super._put({ ...request, expectation: expectation === 'absent' ? 'any' : expectation });
  }
}

class RemembersDeletedNames extends GoodMemory {
  readonly #deleted = new Set<string>();

  protected override async _put(request: PutRequest): Promise<void> {
    if (request.expectation === 'absent' && this.#deleted.has(request.path)) throw mismatch();
    return super._put(request);
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    const deleted = await super._delete(request);
    if (deleted) this.#deleted.add(request.path);
    return deleted;
  }
}

class AcceptsFormerVersions extends GoodMemory {
  readonly #versions = new Map<string, Set<string>>();

  protected override async _put(request: PutRequest): Promise<void> {
    const { path, expectation, version } = request;
    const former = this.#versions.get(path) ?? new Set();
    const matches = typeof expectation === 'object' && former.has(expectation.version);
    const there = (await super._get(path)) !== undefined;
    await super._put(matches && there ? { ...request, expectation: 'any' } : request);
    this.#versions.set(path, former.add(version));
  }
}

class IgnoresTheRowCount extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    await super._put(request).catch((error: unknown) => {
      if (!isHoldfastError(error, 'VERSION_MISMATCH')) throw error;
    });
  }
}

class UpdatesNoRow extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    if (typeof request.expectation !== 'object') return super._put(request);
    const stored = await super._get(request.path);
    if (stored?.version !== request.expectation.version) throw mismatch();
  }
}

class CreatesInKnownDirectoriesOnly extends GoodMemory {
  readonly #made = new Set<string>();

  protected override async _put(request: PutRequest): Promise<void> {
    const directory = request.path.slice(0, request.path.lastIndexOf('/'));
    if (request.expectation === 'absent' && !this.#made.has(directory)) {
      throw new HoldfastError('PATH_CONFLICT', 'no such directory');
    }
    await super._put(request);
    this.#made.add(directory);
  }
}

class RetriesAMismatch extends Passthrough {
  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    try {
      return await super.put(path, entry, expectation, options);
    } catch (error) {
      const current = isHoldfastError(error, 'VERSION_MISMATCH') ? await this.get(path) : undefined;
      if (current?.version === undefined || expectation === 'absent') throw error;
      return super.put(path, entry, { version: current.version }, options);
    }
  }
}

/** Expectations that are not checked, or checked the wrong way round. */
export const brokenExpectations: readonly BrokenAdapter[] = [
  {
    name: 'ignores the version of a put',
    why: 'An UPDATE whose WHERE clause forgot the version.',
    createStore: () => alone(new IgnoresTheVersionOfPut()),
    caughtBy: [
      'gate.first-versioned',
      'expectation.put-foreign-version-on-*',
      'expectation.put-stale-version-on-*',
      'version.no-aba-after-recreate',
      'version.no-aba-after-rewrite',
      'version.of-one-path-only',
      'hostile.token',
      'hostile.version-getter',
      'race.put-version',
      'race.put-against-delete',
      'race.history',
      'cas.recreated-meanwhile',
      'cas.forced-overlap',
      'cas.exhausted',
      'cas.hung-apply',
      'cas.hung-write',
      'cas.nested',
      'cas.version-mismatch-of-apply',
      'cas.storm-one-instance',
      'cas.storm-several-instances',
      'reply.cas-exact',
    ],
    perhapsBy: ['cas.create-race'],
  },
  {
    name: 'upserts where nothing is',
    why: 'INSERT … ON CONFLICT DO UPDATE … WHERE version = ? inserts when the row is gone.',
    createStore: () => alone(new UpsertsWhereNothingIs()),
    caughtBy: [
      'gate.first-versioned',
      'expectation.put-foreign-version-on-never-written',
      'expectation.put-*-version-on-deleted',
      'race.put-against-delete',
      'cas.version-mismatch-of-apply',
    ],
  },
  {
    name: "overwrites on 'absent'",
    why: 'INSERT OR REPLACE where plain INSERT was meant.',
    createStore: () => alone(new OverwritesOnAbsent()),
    caughtBy: [
      'expectation.put-absent-on-present',
      'expectation.put-absent-on-recreated',
      'race.put-absent',
      'race.history',
      'cas.create-race',
    ],
  },
  {
    name: 'remembers deleted names',
    why: 'A tombstone row keeps its primary key, so the name can never be created again.',
    createStore: () => alone(new RemembersDeletedNames()),
    caughtBy: ['expectation.put-absent-on-deleted', 'cas.delete-and-recreate', 'cas.recreated-meanwhile'],
  },
  {
    name: 'accepts former versions',
    why: 'The version is looked up in a history table instead of being compared with the current row.',
    createStore: () => alone(new AcceptsFormerVersions()),
    caughtBy: [
      'expectation.put-stale-version-on-present',
      'expectation.put-stale-version-on-recreated',
      'version.no-aba-after-recreate',
      'version.no-aba-after-rewrite',
      'race.put-version',
      'race.put-against-delete',
      'race.history',
      'cas.recreated-meanwhile',
      'cas.forced-overlap',
      'cas.exhausted',
      'cas.hung-apply',
      'cas.hung-write',
      'cas.nested',
      'cas.storm-one-instance',
      'cas.storm-several-instances',
      'reply.cas-exact',
    ],
    // A loser who reads late has the version of before the last but one.
    perhapsBy: ['cas.create-race'],
  },
  {
    name: 'ignores the row count',
    why: 'An UPDATE that matched no row is no error to the database.',
    createStore: () => alone(new IgnoresTheRowCount()),
    caughtBy: [
      'gate.first-versioned',
      'expectation.put-foreign-version-on-*',
      'expectation.put-absent-on-present',
      'expectation.put-stale-version-on-*',
      'expectation.put-absent-on-recreated',
      'version.no-aba-after-recreate',
      'version.no-aba-after-rewrite',
      'version.of-one-path-only',
      'hostile.token',
      'hostile.version-getter',
      'race.put-version',
      'race.put-absent',
      'race.put-against-delete',
      'race.history',
      'cas.recreated-meanwhile',
      'cas.forced-overlap',
      'cas.exhausted',
      'cas.hung-apply',
      'cas.hung-write',
      'cas.nested',
      'cas.create-race',
      'cas.version-mismatch-of-apply',
      'cas.storm-one-instance',
      'cas.storm-several-instances',
      'reply.cas-exact',
    ],
  },
  {
    name: 'updates no row',
    why: 'The SELECT finds the version, but the UPDATE binds it with another type and matches nothing.',
    createStore: () => alone(new UpdatesNoRow()),
    caughtBy: [
      'expectation.put-current-version-on-*',
      'version.json-safe',
      'race.put-version',
      'race.put-against-delete',
      'race.history',
      'cas.write',
      'cas.equal-bytes-only',
      'cas.force-write',
      'cas.mutate-in-place',
      'cas.mutate-bytes-in-place',
      'cas.recreated-meanwhile',
      'cas.forced-overlap',
      'cas.exhausted',
      'cas.hung-apply',
      'cas.hung-write',
      'cas.nested',
      'cas.create-race',
      'cas.storm-one-instance',
      'cas.storm-several-instances',
      'reply.landed',
      'reply.not-landed',
      'reply.late-first-copy',
      'reply.unclassified',
      'reply.flaky-read-back',
      'reply.cas-exact',
    ],
  },
  {
    name: 'creates in known directories only',
    why: 'open with O_EXCL, but without the mkdir -p that the other writes do.',
    createStore: () => alone(new CreatesInKnownDirectoriesOnly()),
    caughtBy: [
      'gate.first-record',
      'gate.first-indexed',
      'gate.first-content-type',
      'gate.first-absent',
      'gate.cas-update',
      'expectation.put-absent-on-never-written',
      'race.put-absent',
      'cas.write',
      'cas.equal-bytes-only',
      'cas.cost',
      'cas.create-race',
      'process.*',
    ],
  },
  {
    name: 'retries a mismatch with the version that is there',
    why: 'A helpful client that re-reads and overwrites what the caller never saw.',
    createStore: () => wrapping((inner) => new RetriesAMismatch(inner)),
    caughtBy: [
      'expectation.put-stale-version-on-present',
      'expectation.put-foreign-version-on-present',
      'expectation.put-stale-version-on-recreated',
      'expectation.put-foreign-version-on-recreated',
      'version.no-aba-after-recreate',
      'version.no-aba-after-rewrite',
      'version.of-one-path-only',
      'hostile.token',
      'hostile.version-getter',
      'race.put-version',
      'race.put-against-delete',
      'race.history',
      'cas.recreated-meanwhile',
      'cas.forced-overlap',
      'cas.exhausted',
      'cas.hung-apply',
      'cas.hung-write',
      'cas.nested',
      'cas.storm-one-instance',
      'cas.storm-several-instances',
      'reply.cas-exact',
    ],
    perhapsBy: ['cas.create-race'],
  },
];
