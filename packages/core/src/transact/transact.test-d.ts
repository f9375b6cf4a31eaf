// What the compiler must infer and refuse; nothing here ever runs.
import type { Equal, Expect } from '../../test/support/types.ts';
import type { ByteOnlyCapabilities, Capabilities, VersionedCapabilities } from '../capabilities/capabilities.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { BaseFilesystem } from '../filesystem/base-filesystem.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { scopedView } from '../views/scoped-view.ts';
import { transact } from './transact.ts';
import type { Transaction, TransactResult } from './transaction.ts';

interface Counter {
  readonly count: number;
}

declare const dynamic: RootFilesystem;
declare const versioned: RootFilesystem<VersionedCapabilities>;
declare const committing: BaseFilesystem<VersionedCapabilities & { readonly planes: readonly ['atomic-commit'] }>;
declare const none: RootFilesystem<VersionedCapabilities & { readonly planes: readonly [] }>;
declare const byteOnly: RootFilesystem<ByteOnlyCapabilities>;
declare const withoutRecords: RootFilesystem<Capabilities & { readonly cas: 'versioned'; readonly records: false }>;
declare const codec: RecordCodec<Counter>;

const run = async (tx: Transaction) => {
  const found = await tx.get('/a', codec);
  await tx.put('/a', codec, { count: (found?.count ?? 0) + 1 });
  await tx.delete('/b');
  return found === undefined ? ('first' as const) : ('again' as const);
};

/** On what has commits and takes records, and on what may. */
export async function accepted() {
  await transact(dynamic, run);
  await transact(versioned, run, { timeoutMs: 5, maxAttempts: 3, random: () => 0 });
  await transact(scopedView(committing, []), run);
  return {
    several: await transact(committing, run),
    synchronous: await transact(committing, () => 5),
    nothing: await transact(committing, (tx) => tx.delete('/a')),
  };
}

type Given = Awaited<ReturnType<typeof accepted>>;

export type Inferred = [
  Expect<Equal<Given['several'], TransactResult<'first' | 'again'>>>,
  Expect<Equal<Given['synchronous'], TransactResult<number>>>,
  Expect<Equal<Given['nothing'], TransactResult<void>>>,
];

/** Not on what is known to have none or to take none, and not what is no record of the codec. */
export async function refused(): Promise<void> {
  // @ts-expect-error -- no planes
  await transact(none, run);
  // @ts-expect-error -- bytes only
  await transact(byteOnly, run);
  // @ts-expect-error -- versions, but no records
  await transact(withoutRecords, run);
  // @ts-expect-error -- no function
  await transact(dynamic);
  // @ts-expect-error -- a misspelt option
  await transact(dynamic, run, { timeout: 5 });
  // @ts-expect-error -- not a record of this codec
  await transact(dynamic, (tx) => tx.put('/a', codec, { total: 1 }));
  // @ts-expect-error -- the record may not be there
  await transact(dynamic, async (tx) => (await tx.get('/a', codec)).count);
  // @ts-expect-error -- no codec
  await transact(dynamic, (tx) => tx.get('/a'));
}
