import type { Capabilities } from '../capabilities/capabilities.ts';
import { checkCodec } from '../codecs/check-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parsePath } from '../paths/virtual-path.ts';
import { checkFilesystem, readHelperOptions } from './check-helper.ts';
import { HelperCall } from './helper-call.ts';
import type { RecordsOnly } from './records-only.ts';
import type { StoredRecord } from './stored-record.ts';

/**
 * Stores a record where nothing is, and gives it back with its version. One round trip, unless the reply is lost: then
 * it is read back and resolved, as that of any `put` is. `timeoutMs` and `signal` are for all of it, encoding included;
 * without them it has no deadline, as `put` has none.
 *
 * The value given back is the very one that was given, which a codec with defaults or transforms may read back
 * differently. What the codec throws reaches the caller unchanged, but for a `RECORD_INVALID` without an operation,
 * which gets that, the path and the outcome.
 *
 * @throws HoldfastError `UNSUPPORTED` before anything is touched when the path is not versioned or takes no records;
 * `VERSION_MISMATCH` when something is there, which stays as it is; `RECORD_INVALID` when the codec will not write the
 * value; or what `put` rejects with, each with an `outcome`
 */
export async function createRecord<C extends Capabilities, T>(
  filesystem: RootFilesystem<C> & RecordsOnly<C>,
  path: string,
  codec: RecordCodec<T>,
  value: NoInfer<T>,
  options?: OperationOptions,
): Promise<StoredRecord<T>> {
  const target = HelperCall.checked('createRecord', undefined, () => parsePath(path));
  const limits = HelperCall.checked('createRecord', target, () => {
    checkFilesystem(filesystem);
    checkCodec('codec', codec);
    return readHelperOptions(options);
  });
  const call = new HelperCall('createRecord', target, limits);
  try {
    const erased = filesystem as unknown as RootFilesystem;
    call.gate(erased);
    const entry = await call.encode<T>(codec, value);
    const version = await call.create(erased, target, entry);
    return { path: target, value, version };
  } finally {
    call.end();
  }
}
