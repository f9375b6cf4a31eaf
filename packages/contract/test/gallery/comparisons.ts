import type {
  CasExpectation,
  EntriesOptions,
  EntryInput,
  OperationOptions,
  PutResult,
  Snapshot,
  Version,
  VirtualPath,
} from '@holdfast/core';
import { mintVersion, sameEntry, type PutRequest } from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

class SkipsEqualWrites extends GoodMemory {
  readonly #kept = new Map<string, Version>();

  protected override async _put(request: PutRequest): Promise<void> {
    const { entry, expectation, path, version } = request;
    const stored = await super._get(path);
    if (stored?.version === undefined || !sameEntry(entry, stored)) return super._put(request);
    const holds = expectation === 'any' || (typeof expectation === 'object' && expectation.version === stored.version);
    if (!holds) return super._put(request);
    this.#kept.set(version, stored.version);
  }

  override async put(...args: Parameters<GoodMemory['put']>): ReturnType<GoodMemory['put']> {
    const { version } = await super.put(...args);
    return { version: this.#kept.get(version) ?? version };
  }
}

class ComparesInLowerCase extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { expectation, path } = request;
    if (typeof expectation !== 'object') return super._put(request);
    const version = (await super._get(path))?.version;
    const same = version?.toLowerCase() === expectation.version.toLowerCase();
    return super._put(version !== undefined && same ? { ...request, expectation: { version } } : request);
  }
}

class ComparesAPrefix extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { expectation, path } = request;
    if (typeof expectation !== 'object') return super._put(request);
    const version = (await super._get(path))?.version;
    const same = version?.slice(0, 32) === expectation.version.slice(0, 32);
    return super._put(version !== undefined && same ? { ...request, expectation: { version } } : request);
  }
}

class TouchesOnRead extends GoodMemory {
  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    if (found === undefined) return undefined;
    const { path: _path, version: _version, ...entry } = found;
    const version = mintVersion();
    await super._put({ path, entry, expectation: 'any', version });
    return { ...found, version };
  }
}

class ListsWithoutVersions extends Passthrough {
  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    for await (const found of super.entries(prefix, options)) yield { ...found, version: undefined };
  }
}

class ReadsTheGetterTwice extends Passthrough {
  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const checked = (expectation as { readonly version?: unknown } | undefined)?.version;
    if (typeof checked !== 'string' || Reflect.ownKeys(expectation as object).length !== 1) {
      return super.put(path, entry, expectation, options);
    }
    return super.put(path, entry, { version: (expectation as { readonly version: string }).version }, options);
  }
}

/** Versions that are compared, moved or shown wrongly. */
export const brokenComparisons: readonly BrokenAdapter[] = [
  {
    name: 'skips equal writes',
    why: 'A layer that saves a write when the bytes are the same, and so keeps the version.',
    createStore: () => alone(new SkipsEqualWrites()),
    caughtBy: ['version.new-per-write', 'cas.force-write', 'reply.overtaken'],
  },
  {
    name: 'compares versions in lower case',
    why: 'A column with a collation that ignores case.',
    createStore: () => alone(new ComparesInLowerCase()),
    caughtBy: ['hostile.token'],
  },
  {
    name: 'compares a prefix of the version',
    why: 'A column of 32 characters cuts off what is longer.',
    createStore: () => alone(new ComparesAPrefix()),
    caughtBy: ['hostile.token'],
  },
  {
    name: 'reads the expectation twice',
    why: 'Checked once and read again later, so that a getter may answer differently.',
    createStore: () => wrapping((inner) => new ReadsTheGetterTwice(inner)),
    caughtBy: ['hostile.version-getter'],
  },
  {
    name: 'touches on read',
    why: 'The time of the last access is part of the row, and so of its version.',
    createStore: () => alone(new TouchesOnRead()),
    caughtBy: [
      'get-many.places',
      'expectation.put-any-on-*',
      'expectation.put-current-version-on-*',
      'version.answer-is-stored',
      'version.untouched-by-others',
      'entries.whole',
      'race.history',
      'cas.write',
      'cas.no-op',
      'cas.equal-write',
      'cas.force-write',
      'cas.mutate-and-keep',
      'cas.delete-and-recreate',
      'cas.context',
      'cas.apply-throws',
      'cas.codec-throws',
      'cas.other-kind',
      'cas.invalid-decision',
      'abort.write-that-landed',
      'deadline.write-that-landed',
      'reply.landed',
      'reply.not-landed',
      'reply.late-first-copy',
      'reply.delete',
      'reply.unclassified',
      'reply.flaky-read-back',
    ],
  },
  {
    name: 'lists without versions',
    why: 'The SELECT of the scan names fewer columns than that of the read.',
    createStore: () => wrapping((inner) => new ListsWithoutVersions(inner)),
    caughtBy: ['version.answer-is-stored', 'entries.whole'],
  },
];
