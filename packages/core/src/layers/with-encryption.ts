import type { Capabilities } from '../capabilities/capabilities.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { EncryptionLayer } from './encryption/encryption-layer.ts';
import { EntryCipher } from './encryption/entry-cipher.ts';
import { KeyRing } from './encryption/key-ring.ts';

/** The options of {@link withEncryption}. */
export interface EncryptionOptions {
  /**
   * The key ring: random keys of 32 bytes by their ids, `[A-Za-z0-9._-]{1,64}`. They are copied: changing or wiping the
   * arrays afterwards changes nothing. An id is stored in the clear beside what is encrypted under it, so give another
   * key another id.
   */
  readonly keys: Readonly<Record<string, Uint8Array>>;
  /** The id of the key that writes use. The others are for reading. */
  readonly currentKey: string;
}

/**
 * Encrypts the bodies of entries, with AES-256-GCM, before they reach the filesystem below.
 *
 * **What is guaranteed.** A body that is read is one that was put under this key ring, at this path, with this kind or
 * without one, with this content type and this indexed projection. What is not (plain, cut, changed in one bit, taken
 * from another entry, beside other metadata, under another key of the same id) is refused with `DECRYPTION_FAILED`,
 * and what is under a key that is not in the ring with `KEY_NOT_FOUND`; no part of it is given out. `entries` ends at
 * such an entry; the error has its path, to go on from as `after`. No body is ever stored as plain text, and none that
 * is stored so is given out: what is there already is encrypted by copying it. Errors show no keys, no plain text and
 * nothing that is stored.
 *
 * Every write has a key of its own, which HKDF-SHA256 derives from the current key with a random salt of 16 bytes, and
 * a random nonce of 12, so no limit on the number of writes under one key comes near.
 *
 * **What is not protected.** Who can write to the store can put an older version of an entry back to the path that it
 * had (its metadata included), delete entries, and hold writes back or reorder them. Who can read it sees paths, kinds,
 * content types, index values, key ids, versions, the lengths of bodies, and when what is read and written. Index a
 * value only if it may be seen. Who has the key ring reads everything, and can write whatever it likes; wherever this
 * process's memory is read, the keys are.
 *
 * **Where in a stack.** The paths that count are those this layer is called with. What lies below may rearrange them:
 * data moves to another store, or with `withPrefix` or a mount table below this layer to another directory, and stays
 * readable. But where two directories are encrypted like that under one key ring, an entry can be moved from one to
 * the same path in the other; give each its own keys, or put this layer below `withPrefix` and the mount table, right
 * above the store, where it tells all paths apart and data that is moved has to be copied through. Views and mounts
 * above it can be changed at any time as long as they lead to the same paths. What transforms bodies, such as
 * compression, belongs above it, and what keeps them, such as a cache, below it if it must hold no plain text.
 *
 * **Keys.** To rotate, add the new key to the ring of every process, then make it the `currentKey` of every process, and
 * then call {@link reencrypt}; the old key can be taken out when that has resolved. Writers need not stop.
 *
 * **Costs.** No round trip. A stored body is 46 bytes and the key id longer; `maxBodyBytes` is 110 bytes
 * ({@link ENCRYPTION_OVERHEAD_BYTES}) less, whatever the id, and 0 where no body is sure to fit; `maxCommitBytes` is as much
 * less for each of `maxCommitChanges`. Encryption is
 * synchronous, so a large body holds the event loop up. Above what the filesystem below takes, a call costs about 25 to
 * 45 µs for 1 KiB; large bodies are encrypted at about 1 GiB/s and decrypted at about 2 GiB/s (Node 24 on one of two
 * shared virtual cores of an AMD EPYC, busy with other work).
 *
 * When `put` has returned its promise the body has been encrypted, so its buffer can be changed. A body that is read
 * belongs to the caller. Capabilities are otherwise those of the filesystem below; arguments are refused as that does
 * it. Closing this closes the filesystem below; the keys go when nothing refers to it any more.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, with the kind of a value and never a value in the message
 */
export function withEncryption<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  options: EncryptionOptions,
): RootFilesystem<C> {
  return new EncryptionLayer(filesystem, new EntryCipher(KeyRing.of(options)));
}
