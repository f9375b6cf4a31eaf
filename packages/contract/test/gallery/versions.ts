import { createHash } from 'node:crypto';
import type {
  CasExpectation,
  DeleteExpectation,
  DeleteResult,
  EntriesOptions,
  EntryInput,
  OperationOptions,
  PutResult,
  Snapshot,
  Version,
} from '@holdfast/core';
import { mintVersion, type PutRequest } from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';
import { Retokened } from './support/retokened.ts';

class CountsPerPath extends Retokened {
  readonly #counts = new Map<string, number>();

  protected override versionOf({ path }: Snapshot): string {
    const count = (this.#counts.get(path) ?? 0) + 1;
    this.#counts.set(path, count);
    return String(count);
  }

  override async delete(
    path: string,
    expectation: DeleteExpectation,
    options?: OperationOptions,
  ): Promise<DeleteResult> {
    const result = await super.delete(path, expectation, options);
    if (result.deleted) this.#counts.delete(path);
    return result;
  }
}

class HashesTheBody extends Retokened {
  protected override versionOf({ body }: Snapshot): string {
    return createHash('sha256').update(body).digest('hex');
  }
}

class RoundsRevisions extends Retokened {
  // Where a cluster's revisions stand whose upper bits hold a term. Numbers are 1,024 apart here.
  #revision = 2n ** 62n;

  protected override versionOf(): string {
    this.#revision += 1n;
    return String(Number(this.#revision));
  }
}

/** A version that looks like a string and is none. */
class Handle extends String {}

class HandsOutObjects extends Passthrough {
  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    const found = await super.get(path, options);
    return found && { ...found, version: handle(found.version) };
  }

  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    for await (const found of super.entries(prefix, options)) yield { ...found, version: handle(found.version) };
  }

  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const { version } = await super.put(path, entry, plain(expectation), options);
    return { version: handle(version) };
  }

  override delete(path: string, expectation: DeleteExpectation, options?: OperationOptions): Promise<DeleteResult> {
    return super.delete(path, plain(expectation), options);
  }
}

function handle(version: string | undefined): Version | undefined {
  return version === undefined ? undefined : (new Handle(version) as unknown as Version);
}

function plain<E>(expectation: E): E {
  if (typeof expectation !== 'object' || expectation === null || Reflect.ownKeys(expectation).length !== 1) {
    return expectation;
  }
  const { version } = expectation as { readonly version?: unknown };
  return { version: version instanceof Handle ? version.toString() : version } as E;
}

class HasOneVersionForAll extends Passthrough {
  #revision = 0;
  readonly #real = new Map<string, Version | undefined>();

  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    const found = await super.get(path, options);
    return found && { ...found, version: this.#current() };
  }

  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    for await (const found of super.entries(prefix, options)) yield { ...found, version: this.#current() };
  }

  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const { version } = await super.put(path, entry, this.#mean(path, expectation), options);
    this.#real.set(path, version);
    this.#revision += 1;
    return { version: this.#current() };
  }

  override async delete(
    path: string,
    expectation: DeleteExpectation,
    options?: OperationOptions,
  ): Promise<DeleteResult> {
    const result = await super.delete(path, this.#mean(path, expectation), options);
    this.#revision += 1;
    return result;
  }

  #current(): Version {
    return `revision-${this.#revision}` as Version;
  }

  #mean<E>(path: string, expectation: E): E {
    const wanted = (expectation as { readonly version?: unknown } | undefined)?.version;
    const real = wanted === this.#current() ? this.#real.get(path) : undefined;
    return real === undefined ? expectation : ({ version: real } as E);
  }
}

class LetsTheDatabaseMint extends GoodMemory {
  protected override _put(request: PutRequest): Promise<void> {
    return super._put({ ...request, version: mintVersion() });
  }
}

class MintsOnInsertOnly extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { path } = request;
    const kept = request.expectation === 'any' ? (await super._get(path))?.version : undefined;
    return super._put(kept === undefined ? request : { ...request, version: kept });
  }
}

/** Versions that come again, or are not those of the write. */
export const brokenVersions: readonly BrokenAdapter[] = [
  {
    name: 'counts versions per path',
    why: 'version = version + 1 in the row begins at 1 again when the row was deleted and recreated.',
    createStore: () => wrapping((inner) => new CountsPerPath(inner)),
    caughtBy: [
      'expectation.put-stale-version-on-recreated',
      'expectation.delete-stale-version-on-recreated',
      'version.no-aba-after-recreate',
      'version.of-one-path-only',
      'cas.recreated-meanwhile',
    ],
  },
  {
    name: 'hashes the body',
    why: 'An ETag that is the hash of the content is the same again when the content is.',
    createStore: () => wrapping((inner) => new HashesTheBody(inner)),
    caughtBy: [
      'version.new-per-write',
      'version.no-aba-after-recreate',
      'version.no-aba-after-rewrite',
      'version.of-one-path-only',
      'cas.force-write',
      'cas.recreated-meanwhile',
    ],
  },
  {
    name: 'rounds revisions',
    why: 'A 64-bit revision that went through a JavaScript number.',
    createStore: () => wrapping((inner) => new RoundsRevisions(inner)),
    perhapsBy: ['cas.create-race', 'cas.storm-*', 'reply.cas-exact', 'race.read-while-writing'],
    caughtBy: [
      'expectation.put-any-on-present',
      'expectation.put-stale-version-on-present',
      'expectation.delete-stale-version-on-present',
      'expectation.put-any-on-recreated',
      'expectation.put-stale-version-on-recreated',
      'expectation.delete-stale-version-on-recreated',
      'version.new-per-write',
      'version.no-aba-after-recreate',
      'version.no-aba-after-rewrite',
      'version.of-one-path-only',
      'race.history',
      'cas.force-write',
      'cas.recreated-meanwhile',
      'cas.exhausted',
      'cas.hung-apply',
      'cas.nested',
    ],
  },
  {
    name: 'hands out objects as versions',
    why: 'A handle that works only as long as it stays in memory, not after a trip through a queue.',
    createStore: () => wrapping((inner) => new HandsOutObjects(inner)),
    caughtBy: ['version.json-safe'],
  },
  {
    name: 'has one version for the whole store',
    why: 'The revision of the store, or the commit of a repository, taken for the version of each entry.',
    createStore: () => wrapping((inner) => new HasOneVersionForAll(inner)),
    perhapsBy: ['cas.create-race', 'cas.storm-*', 'reply.cas-exact', 'race.read-while-writing'],
    caughtBy: ['version.untouched-by-others', 'path.prefix-is-no-entry'],
  },
  {
    name: 'lets the database mint',
    why: 'DEFAULT gen_random_uuid() wins over the version that was sent and answered.',
    createStore: () => alone(new LetsTheDatabaseMint()),
    caughtBy: [
      'expectation.put-any-on-*',
      'expectation.put-current-version-on-*',
      'expectation.delete-current-version-on-*',
      'version.answer-is-stored',
      'version.json-safe',
      'version.untouched-by-others',
      'race.put-version',
      'race.delete-version',
      'race.put-against-delete',
      'cas.write',
      'cas.force-write',
      'cas.context',
      'abort.write-that-landed',
      'deadline.write-that-landed',
      'reply.landed',
      'reply.not-landed',
      'reply.late-first-copy',
      'reply.delete',
      'reply.unclassified',
      'reply.unreadable',
      'reply.flaky-read-back',
    ],
  },
  {
    name: 'mints on insert only',
    why: 'The unconditional UPDATE forgot to set the version.',
    createStore: () => alone(new MintsOnInsertOnly()),
    caughtBy: [
      'race.read-while-writing',
      'expectation.put-any-on-present',
      'expectation.put-current-version-on-present',
      'expectation.put-stale-version-on-present',
      'expectation.delete-current-version-on-present',
      'expectation.delete-stale-version-on-present',
      'expectation.put-any-on-recreated',
      'version.no-aba-after-rewrite',
      'reply.landed',
      'reply.overtaken',
    ],
  },
];
