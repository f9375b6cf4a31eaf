import { isUint8Array } from '../../realms/is-uint8-array.ts';
import type { Entry, Snapshot } from '../../entries/entry.ts';
import { parseIndexed } from '../../entries/parse-indexed.ts';
import { HoldfastError, isHoldfastError, type OperationName } from '../../errors/holdfast-error.ts';
import { parsePath, type VirtualPath } from '../../paths/virtual-path.ts';
import { associatedData, type Metadata } from './associated-data.ts';
import type { KeyRing } from './key-ring.ts';
import { decrypt, encrypt } from './node-crypto.ts';
import { layOut, takeApart, type SealedBody } from './sealed-body.ts';

const FOREIGN = 'the entry is not in the format of withEncryption';
const NOT_GENUINE = 'the entry was changed or moved, or written under another key of the same id';

/** Turns entries into those that are stored, and back. */
export class EntryCipher {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  /** The entry to store at a path, under the current key: with a body of its own, and everything else as it is. */
  seal(path: VirtualPath, entry: Entry): Entry {
    const { body, contentType, kind, indexed } = entry;
    const sealed = layOut(this.#keys.currentId, body.length);
    const associated = associatedData(sealed.header, path, entry);
    this.#keys.withDerivedKey(sealed.keyId, sealed.salt, path, (key) => encrypt(key, body, associated, sealed));
    return Object.freeze({ body: sealed.whole, contentType, kind, indexed });
  }

  /**
   * The entry that was sealed for a path. What comes back, but for the version, is what was sealed, or nothing is.
   * Neither the path nor what is stored need have been checked.
   *
   * @throws HoldfastError `DECRYPTION_FAILED`, `KEY_NOT_FOUND`
   */
  open<S extends Snapshot>(operation: OperationName, path: string, stored: S): S {
    try {
      // Text that is not well-formed has the bytes of other text.
      const target = parsePath(path);
      const sealed = partsOf(stored.body);
      const metadata = metadataOf(stored);
      const associated = associatedData(sealed.header, target, metadata);
      const { keyId, salt } = sealed;
      const body = this.#keys.withDerivedKey(keyId, salt, target, (key) => decrypt(key, sealed, associated));
      if (body === undefined) throw failure(NOT_GENUINE);
      return { path: target, version: stored.version, body, ...metadata } as S;
    } catch (thrown) {
      // Without a cause, which could say what is stored.
      const { code, message } = isOurs(thrown) ? thrown : failure(NOT_GENUINE);
      throw new HoldfastError(code, message, { operation, path });
    }
  }

  /**
   * Whether an entry says that it is under the current key, which nobody has proved.
   *
   * @throws HoldfastError `DECRYPTION_FAILED`
   */
  isCurrent(operation: OperationName, { path, body }: Snapshot): boolean {
    const sealed = isUint8Array(body) ? takeApart(body) : undefined;
    if (sealed === undefined) throw new HoldfastError('DECRYPTION_FAILED', FOREIGN, { operation, path });
    return sealed.keyId === this.#keys.currentId;
  }
}

function partsOf(body: unknown): SealedBody {
  const sealed = isUint8Array(body) ? takeApart(body) : undefined;
  if (sealed === undefined) throw failure(FOREIGN);
  return sealed;
}

/** What a backend answers, read once; it can be anything. */
function metadataOf({ contentType, kind, indexed }: Snapshot): Metadata {
  if (typeof contentType !== 'string' || (kind !== undefined && typeof kind !== 'string')) throw failure(NOT_GENUINE);
  return { contentType, kind, indexed: parseIndexed(indexed) };
}

function isOurs(thrown: unknown): thrown is HoldfastError {
  return isHoldfastError(thrown, 'DECRYPTION_FAILED') || isHoldfastError(thrown, 'KEY_NOT_FOUND');
}

function failure(message: string): HoldfastError {
  return new HoldfastError('DECRYPTION_FAILED', message);
}
