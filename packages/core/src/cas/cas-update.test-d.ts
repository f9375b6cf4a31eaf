// What the compiler must infer and refuse; nothing here ever runs.
import type { Equal, Expect } from '../../test/support/types.ts';
import type { ByteOnlyCapabilities, Capabilities, VersionedCapabilities } from '../capabilities/capabilities.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { BaseFilesystem } from '../filesystem/base-filesystem.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';
import { CasApply } from './cas-apply.ts';
import type { CasResult, CasResultOf } from './cas-result.ts';
import { casUpdate } from './cas-update.ts';

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
declare const choice: boolean;

const nothing = () => CasApply.noOp();

/** On what takes versioned records, and on what may. */
export async function accepted(): Promise<void> {
  await casUpdate(versioned, '/a', codec, nothing);
  await casUpdate(dynamic, '/a', codec, nothing);
  await casUpdate(adapter, '/a', codec, nothing, { timeoutMs: 1, random: () => 0 });
  const path: VirtualPath = '/a' as VirtualPath;
  await casUpdate(dynamic, path, jsonCodec<Counter>({ kind: 'counter' }), nothing);
}

/** Not on what is known to take none. */
export async function refused(): Promise<void> {
  // @ts-expect-error -- bytes only
  await casUpdate(byteOnly, '/a', codec, nothing);
  // @ts-expect-error -- bytes only
  await casUpdate(bytesAdapter, '/a', codec, nothing);
  // @ts-expect-error -- versions, but no records
  await casUpdate(withoutRecords, '/a', codec, nothing);
  // @ts-expect-error -- no apply
  await casUpdate(versioned, '/a', codec);
  // @ts-expect-error -- no decision
  await casUpdate(versioned, '/a', codec, () => ({ count: 1 }));
  // @ts-expect-error -- perhaps no decision
  await casUpdate(versioned, '/a', codec, () => (choice ? CasApply.noOp() : undefined));
  // @ts-expect-error -- a decision by hand, which only looks like one
  await casUpdate(versioned, '/a', codec, () => ({ decision: 'noOp', outcome: 1 }) as const);
  // @ts-expect-error -- not a record of this codec
  await casUpdate(versioned, '/a', codec, () => CasApply.write({ total: 1 }));
  // @ts-expect-error -- not a record of this codec, later
  await casUpdate(versioned, '/a', codec, async () => CasApply.forceWrite('1'));
  // @ts-expect-error -- the record may not be there
  await casUpdate(versioned, '/a', codec, (current) => CasApply.write({ count: current.count + 1 }));
  // @ts-expect-error -- a misspelt option
  await casUpdate(versioned, '/a', codec, nothing, { maxAttempt: 1 });
}

/** The outcome is that of the decisions, whichever there are. */
export async function outcomes() {
  const none = await casUpdate(versioned, '/a', codec, () => CasApply.write({ count: 1 }));
  const text = await casUpdate(versioned, '/a', codec, () => CasApply.write({ count: 1 }, 'done'));
  const later = await casUpdate(versioned, '/a', codec, async (current) => CasApply.noOp(current?.count ?? null));
  const several = await casUpdate(dynamic, '/a', codec, (current) => {
    if (current === undefined) return CasApply.write({ count: 1 }, { created: true });
    if (current.count > 9) return CasApply.delete('full');
    if (current.count > 5) return CasApply.forceWrite(current, 5);
    return CasApply.noOp();
  });
  const mixed = await casUpdate(dynamic, '/a', codec, async () =>
    choice ? CasApply.noOp('kept') : CasApply.delete('gone'),
  );
  const empty = await casUpdate(dynamic, '/a', codec, () => CasApply.delete());
  const declared = await casUpdate(dynamic, '/a', codec, (): CasApply<Counter, 'yes' | 'no'> =>
    choice ? CasApply.noOp('no') : CasApply.write({ count: 1 }, 'yes'),
  );
  const never = await casUpdate(dynamic, '/a', codec, () => {
    throw new Error('always');
  });
  return { none, text, later, several, mixed, empty, declared, never };
}

type Outcomes = Awaited<ReturnType<typeof outcomes>>;
type Several = Outcomes['several']['outcome'];

export type Inferred = [
  Expect<Equal<Outcomes['none']['outcome'], undefined>>,
  Expect<Equal<Outcomes['text']['outcome'], 'done'>>,
  Expect<Equal<Outcomes['later']['outcome'], number | null>>,
  Expect<Equal<Several, { readonly created: true } | 'full' | 5 | undefined>>,
  Expect<Equal<Outcomes['mixed']['outcome'], 'kept' | 'gone'>>,
  Expect<Equal<Outcomes['empty']['outcome'], undefined>>,
  Expect<Equal<Outcomes['declared']['outcome'], 'yes' | 'no'>>,
  Expect<Equal<Outcomes['never']['outcome'], never>>,
  Expect<Equal<Outcomes['none']['attempts'], number>>,
  Expect<Equal<Outcomes['never']['snapshot'], Counter | undefined>>,
];

/** What was decided to be stored is there, and has a version; what else was decided may have found nothing. */
export type Stored = [
  Expect<Equal<Outcomes['none']['snapshot'], Counter>>,
  Expect<Equal<Outcomes['none']['version'], Version>>,
  Expect<Equal<Outcomes['text']['snapshot'], Counter>>,
  Expect<Equal<Outcomes['later']['snapshot'], Counter | undefined>>,
  Expect<Equal<Outcomes['later']['version'], Version | undefined>>,
  Expect<Equal<Outcomes['several']['snapshot'], Counter | undefined>>,
  Expect<Equal<Outcomes['empty']['snapshot'], Counter | undefined>>,
  Expect<Equal<Outcomes['declared']['snapshot'], Counter | undefined>>,
];

/** The outcome, or `written` where nothing was to be deleted, tells that it is there. */
export async function told(): Promise<readonly [Counter, Version]> {
  const result = await casUpdate(dynamic, '/a', codec, (current) =>
    current === undefined ? CasApply.write({ count: 1 }, 'created') : CasApply.noOp('kept'),
  );
  if (choice && result.outcome === 'created') return [result.snapshot, result.version];
  if (choice && result.written) return [result.snapshot, result.version];
  // @ts-expect-error -- nothing was written, so nothing may be there
  return [result.snapshot, result.version];
}

/** With a delete it does not. */
export async function deleted(): Promise<Counter> {
  const result = await casUpdate(dynamic, '/a', codec, () =>
    choice ? CasApply.write({ count: 1 }) : CasApply.delete('gone'),
  );
  // @ts-expect-error -- it may have been deleted
  if (result.written) return result.snapshot;
  return { count: 0 };
}

/** What updates in general gives what an update gives. */
export async function update<T, R>(of: RecordCodec<T>, apply: () => CasApply<T, R>): Promise<CasResult<T, R>> {
  return casUpdate(dynamic, '/a', of, apply);
}

/** The record is that of the codec, and so is what apply is given. */
export async function records(): Promise<void> {
  await casUpdate(versioned, '/a', codec, (current, context) => {
    type Given = [
      Expect<Equal<typeof current, Counter | undefined>>,
      Expect<Equal<typeof context.version, Version | undefined>>,
      Expect<Equal<typeof context.path, VirtualPath>>,
      Expect<Equal<typeof context.signal, AbortSignal>>,
    ];
    // @ts-expect-error -- the context is read-only
    context.attempt = 2;
    return CasApply.noOp<Given | undefined>(undefined);
  });
}

/** One whose decisions only its caller knows gives what its caller will know of it. */
export async function updateBy<T, D extends CasApply<T, unknown>>(
  of: RecordCodec<T>,
  apply: (current: T | undefined) => D,
): Promise<CasResultOf<T, D>> {
  const result = await casUpdate(dynamic, '/a', of, apply);
  const { snapshot, written }: { snapshot: T | undefined; written: boolean } = result;
  if (!written && snapshot === undefined) throw new Error('nothing there');
  return result;
}

// A hint is a result of the same record, or says that there is none.
export async function hints(): Promise<void> {
  const increment = (it: Counter | undefined) => CasApply.write({ count: (it?.count ?? 0) + 1 });
  const hint = await casUpdate(versioned, '/a', codec, increment, { combine: false });
  await casUpdate(versioned, '/a', codec, increment, { hint });
  await casUpdate(versioned, '/a', codec, increment, { hint: { snapshot: undefined, version: undefined } });
  // @ts-expect-error a snapshot of something else
  await casUpdate(versioned, '/a', codec, increment, { hint: { snapshot: 'text', version: hint.version } });
  // @ts-expect-error a snapshot without a version
  await casUpdate(versioned, '/a', codec, increment, { hint: { snapshot: { count: 1 } } });
}
