import type { Capabilities } from '../capabilities/capabilities.ts';
import { checkCodec } from '../codecs/check-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { Snapshot } from '../entries/entry.ts';
import { isHoldfastError, type HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { CallersSteps } from '../operations/entries/callers-steps.ts';
import type { OperationLimits } from '../filesystem/operation-options.ts';
import type { EntriesOptions, RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parseDirectory } from '../paths/virtual-path.ts';
import { checkFilesystem, readHelperOptions } from './check-helper.ts';
import { HelperCall } from './helper-call.ts';
import type { RecordsOnly } from './records-only.ts';
import type { StoredRecord } from './stored-record.ts';

/** The options of {@link records}. */
export interface RecordsOptions extends EntriesOptions {
  /**
   * Is told of each entry that the codec cannot read, a file or a record of another kind among them, with its
   * `RECORD_INVALID` or `RECORD_TOO_NEW`; the iteration goes on behind it. What it throws ends the iteration. Without it
   * the first such entry does.
   */
  readonly onUnreadable?: ((error: HoldfastError, entry: Snapshot) => void) | undefined;
}

/**
 * Every record below a directory (itself not included), decoded, in code point order of the paths. Goes through `entries`
 * page by page while it is iterated, with what that promises of records that come and go meanwhile: one round trip per
 * page, and no more in memory than one page. Records are decoded one by one, each when it is asked for. `signal` is for
 * the whole iteration; `timeoutMs` bounds each page and each decoding.
 *
 * Below a directory less may be promised than at it, so no capability is asked for; what is no record the codec finds.
 * What that throws reaches the caller unchanged, but for a `RECORD_INVALID` or `RECORD_TOO_NEW` without an operation,
 * which gets that and the path of the record. An error ends the iteration; `after` with the path of the last record goes
 * on from there.
 *
 * @throws HoldfastError `RECORD_INVALID` or `RECORD_TOO_NEW` for an entry that the codec cannot read, unless
 * `onUnreadable` takes it; `UNSUPPORTED` for one without a version; or what `entries` rejects with. All of them reject a
 * step, also those for malformed arguments
 */
export function records<C extends Capabilities, T>(
  filesystem: RootFilesystem<C> & RecordsOnly<C>,
  directory: string,
  codec: RecordCodec<T>,
  options?: RecordsOptions,
): AsyncIterableIterator<StoredRecord<T>> {
  return new CallersSteps(iterate(filesystem as unknown as RootFilesystem, directory, codec, options));
}

const KEYS = ['after', 'pageSize', 'pageBytes', 'onUnreadable'] as const;

type OnUnreadable = NonNullable<RecordsOptions['onUnreadable']>;

async function* iterate<T>(
  filesystem: RootFilesystem,
  directory: string,
  codec: RecordCodec<T>,
  options: RecordsOptions | undefined,
): AsyncGenerator<StoredRecord<T>, void, undefined> {
  const target = HelperCall.checked('records', undefined, () => parseDirectory(directory));
  const { onUnreadable, ...paging } = HelperCall.checked('records', target, () => {
    checkFilesystem(filesystem);
    checkCodec('codec', codec);
    return readRecordsOptions(options);
  });
  let entries: AsyncIterator<Snapshot> | undefined;
  const next = async (): Promise<Snapshot | undefined> => {
    using call = new HelperCall('records', target, paging);
    const step = await call.read(() => (entries ??= filesystem.entries(target, paging)).next());
    return step.done === true ? undefined : step.value;
  };
  const decode = async (entry: Snapshot): Promise<StoredRecord<T> | undefined> => {
    using call = new HelperCall('records', target, paging);
    try {
      return await call.decode(codec, entry);
    } catch (error) {
      if (onUnreadable === undefined || !isUnreadable(error)) throw error;
      onUnreadable(error, entry);
      return undefined;
    }
  };

  let open = false;
  try {
    for (let entry = await next(); entry !== undefined; entry = await next()) {
      open = true;
      const record = await decode(entry);
      if (record !== undefined) yield record;
      // What fails to give the next entry has ended, and what hangs would keep the end of this waiting.
      open = false;
    }
  } finally {
    if (open) await entries?.return?.();
  }
}

function readRecordsOptions(
  options: unknown,
): EntriesOptions & { readonly onUnreadable: OnUnreadable | undefined } & OperationLimits {
  const { onUnreadable, ...paging } = readHelperOptions(options, KEYS);
  if (onUnreadable !== undefined && typeof onUnreadable !== 'function') {
    throw invalidArgument('onUnreadable', 'a function', onUnreadable);
  }
  // What the rest is, `entries` checks.
  return { ...(paging as EntriesOptions & OperationLimits), onUnreadable: onUnreadable as OnUnreadable | undefined };
}

function isUnreadable(error: unknown): error is HoldfastError {
  return isHoldfastError(error, 'RECORD_INVALID') || isHoldfastError(error, 'RECORD_TOO_NEW');
}
