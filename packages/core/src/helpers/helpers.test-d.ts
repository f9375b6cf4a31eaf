// What the compiler must infer and refuse; nothing here ever runs.
import type { Equal, Expect } from '../../test/support/types.ts';
import type { ByteOnlyCapabilities, Capabilities, VersionedCapabilities } from '../capabilities/capabilities.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { Snapshot } from '../entries/entry.ts';
import type { BaseFilesystem } from '../filesystem/base-filesystem.ts';
import type { Child, RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Version } from '../versions/version.ts';
import { createRecord } from './create-record.ts';
import { getMany } from './get-many.ts';
import { listAll } from './list-all.ts';
import { readRecord } from './read-record.ts';
import { records } from './records.ts';
import type { StoredRecord } from './stored-record.ts';

interface Counter {
  readonly count: number;
}

declare const dynamic: RootFilesystem;
declare const versioned: RootFilesystem<VersionedCapabilities>;
declare const byteOnly: RootFilesystem<ByteOnlyCapabilities>;
declare const adapter: BaseFilesystem<VersionedCapabilities>;
declare const bytesAdapter: BaseFilesystem<ByteOnlyCapabilities>;
declare const withoutRecords: RootFilesystem<Capabilities & { readonly cas: 'versioned'; readonly records: false }>;
declare const codec: RecordCodec<Counter>;
declare const paths: readonly string[];

/** On what takes versioned records, and on what may. */
export async function accepted() {
  return {
    read: await readRecord(versioned, '/a', codec, { timeoutMs: 1 }),
    dynamic: await readRecord(dynamic, '/a', codec),
    adapter: await readRecord(adapter, '/a', codec),
    created: await createRecord(versioned, '/a', codec, { count: 1 }),
    records: records(dynamic, '/', codec, { after: '/a', pageSize: 1, pageBytes: 1, onUnreadable: () => {} }),
    list: listAll(byteOnly, '/', { after: 'a', pageSize: 1 }),
    ofVersioned: await getMany(versioned, paths),
    ofBytes: await getMany(byteOnly, ['/a', '/b'] as const),
    ofDynamic: await getMany(dynamic, paths, { timeoutMs: 1 }),
  };
}

type Given = Awaited<ReturnType<typeof accepted>>;

export type Inferred = [
  Expect<Equal<Given['read'], StoredRecord<Counter> | undefined>>,
  Expect<Equal<Given['dynamic'], StoredRecord<Counter> | undefined>>,
  Expect<Equal<Given['adapter'], StoredRecord<Counter> | undefined>>,
  Expect<Equal<Given['created'], StoredRecord<Counter>>>,
  Expect<Equal<Given['created']['version'], Version>>,
  Expect<Equal<Given['records'], AsyncIterableIterator<StoredRecord<Counter>>>>,
  Expect<Equal<Given['list'], AsyncIterableIterator<Child>>>,
  Expect<Equal<Given['ofVersioned'], (Snapshot<Version> | undefined)[]>>,
  Expect<Equal<Given['ofBytes'], (Snapshot<undefined> | undefined)[]>>,
  Expect<Equal<Given['ofDynamic'], (Snapshot | undefined)[]>>,
];

/** Not on what is known to take none, and not what is no record of the codec. */
export async function refused(): Promise<void> {
  // @ts-expect-error -- bytes only
  await readRecord(byteOnly, '/a', codec);
  // @ts-expect-error -- versions, but no records
  await readRecord(withoutRecords, '/a', codec);
  // @ts-expect-error -- bytes only
  await createRecord(bytesAdapter, '/a', codec, { count: 1 });
  // @ts-expect-error -- versions, but no records
  await createRecord(withoutRecords, '/a', codec, { count: 1 });
  // @ts-expect-error -- bytes only
  records(byteOnly, '/', codec);
  // @ts-expect-error -- versions, but no records
  records(withoutRecords, '/', codec);
  // @ts-expect-error -- not a record of this codec
  await createRecord(versioned, '/a', codec, { total: 1 });
  // @ts-expect-error -- no value
  await createRecord(versioned, '/a', codec);
  // @ts-expect-error -- the record may not be there
  void (await readRecord(versioned, '/a', codec)).value;
  // @ts-expect-error -- the entry may not be there
  void (await getMany(versioned, paths)).map((entry) => entry.body);
  // @ts-expect-error -- a misspelt option
  await readRecord(versioned, '/a', codec, { timeout: 1 });
  // @ts-expect-error -- an option of `list`, where it is that of a page
  listAll(versioned, '/', { limit: 1 });
}
