// What the compiler must accept and refuse; nothing here ever runs.
import type { Assignable, Equal, Expect } from '../../test/support/types.ts';
import type { EntryInput, Snapshot } from '../entries/entry.ts';
import type { BaseFilesystem } from '../filesystem/base-filesystem.ts';
import type { PutResult, RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';
import type { ByteOnlyCapabilities, Capabilities, VersionAt, VersionedCapabilities } from './capabilities.ts';

interface CreateOnly extends ByteOnlyCapabilities {
  readonly cas: 'create-only';
}
interface Unconditional extends ByteOnlyCapabilities {
  readonly cas: 'none';
}

declare const dynamic: RootFilesystem;
declare const versioned: RootFilesystem<VersionedCapabilities>;
declare const byteOnly: RootFilesystem<ByteOnlyCapabilities>;
declare const createOnly: RootFilesystem<CreateOnly>;
declare const unconditional: RootFilesystem<Unconditional>;
declare const body: Uint8Array;
declare const version: Version;
declare const snapshot: Snapshot;

export type Versions = [
  Expect<Equal<VersionAt<VersionedCapabilities>, Version>>,
  Expect<Equal<VersionAt<ByteOnlyCapabilities>, undefined>>,
  Expect<Equal<VersionAt<CreateOnly>, undefined>>,
  Expect<Equal<VersionAt<Unconditional>, undefined>>,
  Expect<Equal<VersionAt<Capabilities>, Version | undefined>>,
];

type Got<F extends RootFilesystem> = Awaited<ReturnType<F['get']>>;
type Put<F extends RootFilesystem> = Awaited<ReturnType<F['put']>>;

export type Results = [
  Expect<Equal<NonNullable<Got<typeof versioned>>['version'], Version>>,
  Expect<Equal<NonNullable<Got<typeof byteOnly>>['version'], undefined>>,
  Expect<Equal<NonNullable<Got<typeof dynamic>>['version'], Version | undefined>>,
  Expect<Equal<Put<typeof versioned>['version'], Version>>,
  Expect<Equal<Put<typeof byteOnly>['version'], undefined>>,
  Expect<Equal<Put<typeof dynamic>, PutResult>>,
  Expect<Equal<Got<typeof dynamic>, Snapshot | undefined>>,
];

/**
 * A filesystem of which more is known can stand where nothing is known: that is what "dynamic" means, and what
 * the gate at run time is for. Not the other way round, and not from one kind to another.
 */
export type Assignments = [
  Expect<Assignable<typeof versioned, RootFilesystem>>,
  Expect<Assignable<typeof byteOnly, RootFilesystem>>,
  Expect<Assignable<typeof createOnly, RootFilesystem>>,
  Expect<Assignable<typeof createOnly, typeof byteOnly>>,
  Expect<Assignable<BaseFilesystem<VersionedCapabilities>, typeof versioned>>,
  Expect<Assignable<BaseFilesystem<ByteOnlyCapabilities>, typeof byteOnly>>,
  Expect<Assignable<BaseFilesystem, RootFilesystem>>,
  Expect<Equal<Assignable<RootFilesystem, typeof versioned>, false>>,
  Expect<Equal<Assignable<RootFilesystem, typeof byteOnly>, false>>,
  Expect<Equal<Assignable<typeof byteOnly, typeof versioned>, false>>,
  Expect<Equal<Assignable<typeof versioned, typeof byteOnly>, false>>,
  Expect<Equal<Assignable<BaseFilesystem<ByteOnlyCapabilities>, typeof versioned>, false>>,
];

export type Brands = [
  Expect<Equal<Assignable<string, VirtualPath>, false>>,
  Expect<Equal<Assignable<string, Version>, false>>,
  Expect<Assignable<VirtualPath, string>>,
  Expect<Assignable<Version, string>>,
];

/** What is known to take records, and what is not known, takes everything. */
export async function accepted(): Promise<void> {
  for (const filesystem of [versioned, dynamic]) {
    await filesystem.put('/a', { body }, 'any');
    await filesystem.put('/a', { body, kind: 'k', indexed: { a: 1 }, contentType: 'text/plain' }, 'absent');
    await filesystem.put('/a', { body }, { version });
    await filesystem.put('/a', { body }, { version: 'a token that came through JSON' });
    await filesystem.delete('/a', 'any', { timeoutMs: 1 });
    await filesystem.delete('/a', { version });
  }
  await byteOnly.put('/a', { body }, 'any');
  await byteOnly.put('/a', { body, contentType: 'text/plain', kind: undefined, indexed: undefined }, 'any');
  await createOnly.put('/a', { body }, 'absent');
  await byteOnly.delete('/a', 'any');
  await unconditional.put('/a', { body }, 'any');
}

/** What holds bytes only takes neither records nor versions. */
export async function refusedOnBytes(): Promise<void> {
  for (const filesystem of [byteOnly, createOnly, unconditional]) {
    // @ts-expect-error -- no version to expect
    await filesystem.put('/a', { body }, { version });
    // @ts-expect-error -- no records
    await filesystem.put('/a', { body, kind: 'k' }, 'any');
    // @ts-expect-error -- no index
    await filesystem.put('/a', { body, indexed: {} }, 'any');
    // @ts-expect-error -- no version to expect
    await filesystem.delete('/a', { version });
  }
  // @ts-expect-error -- not even a creation
  await unconditional.put('/a', { body }, 'absent');
}

/** Nobody writes without saying what they expect, or with something else than one of the three shapes. */
export async function refusedEverywhere(input: EntryInput): Promise<void> {
  for (const filesystem of [versioned, dynamic]) {
    // @ts-expect-error -- an expectation is required
    await filesystem.put('/a', input);
    // @ts-expect-error -- an expectation is required
    await filesystem.put('/a', input, undefined);
    // @ts-expect-error -- an expectation is required
    await filesystem.delete('/a');
    // @ts-expect-error -- a delete of what is absent
    await filesystem.delete('/a', 'absent');
    // @ts-expect-error -- a bare version
    await filesystem.put('/a', input, version);
    // @ts-expect-error -- a version that may not be there
    await filesystem.put('/a', input, { version: snapshot.version });
    // @ts-expect-error -- another shape
    await filesystem.put('/a', input, { version, extra: 1 });
    // @ts-expect-error -- null
    await filesystem.put('/a', input, null);
    // @ts-expect-error -- a misspelt option
    await filesystem.get('/a', { timeout: 1 });
    // @ts-expect-error -- an object is no scalar
    await filesystem.put('/a', { body, indexed: { a: {} } }, 'any');
  }
}
