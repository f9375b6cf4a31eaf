import type { Capabilities } from '../capabilities/capabilities.ts';
import { checkCodec } from '../codecs/check-codec.ts';
import { OwnCodec } from '../codecs/own-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parsePath } from '../paths/virtual-path.ts';
import { checkFilesystem, readHelperOptions } from './check-helper.ts';
import { HelperCall } from './helper-call.ts';
import type { RecordsOnly } from './records-only.ts';
import type { StoredRecord } from './stored-record.ts';

/**
 * The record at a path with its version, or `undefined` when there is none. One round trip. `timeoutMs` and `signal` are
 * for all of it, decoding included; without them it has no deadline, as `get` has none.
 *
 * What the codec throws reaches the caller unchanged, but for a `RECORD_INVALID` or `RECORD_TOO_NEW` without an
 * operation, which gets that and the path.
 *
 * @throws HoldfastError `UNSUPPORTED` before anything is read when the path is not versioned or takes no records;
 * `RECORD_INVALID` when the codec cannot read what is there, which may be a file or a record of another kind;
 * `RECORD_TOO_NEW`; or what `get` rejects with
 */
export async function readRecord<C extends Capabilities, T>(
  filesystem: RootFilesystem<C> & RecordsOnly<C>,
  path: string,
  codec: RecordCodec<T>,
  options?: OperationOptions,
): Promise<StoredRecord<T> | undefined> {
  const target = HelperCall.checked('readRecord', undefined, () => parsePath(path));
  const limits = HelperCall.checked('readRecord', target, () => {
    checkFilesystem(filesystem);
    checkCodec('codec', codec);
    return readHelperOptions(options);
  });
  const call = new HelperCall('readRecord', target, limits);
  try {
    call.gate(filesystem);
    const stored = await call.get(filesystem, target, { owns: !OwnCodec.onlyLooks(codec) });
    return stored && (await call.decode(codec, stored));
  } finally {
    call.end();
  }
}
