import { HoldfastError } from '../../errors/holdfast-error.ts';

/** The length of a key, in bytes: that of AES-256. */
export const KEY_BYTES = 32;

/** The length of the authentication tag, in bytes: GCM's longest. */
export const TAG_BYTES = 16;

/** A key that other keys are derived from, and that cannot be read. */
export interface MasterKey {
  readonly type: 'secret' | 'public' | 'private';
}

type KeyObject = ReturnType<NodeCrypto['createSecretKey']>;

type NodeCrypto = ReturnType<typeof globalThis.process.getBuiltinModule<'node:crypto'>>;

/** What AES-GCM gives and takes beside the key. */
export interface GcmText {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

const ALGORITHM = 'aes-256-gcm';
const LENGTHS = { authTagLength: TAG_BYTES } as const;
const INFO = new TextEncoder().encode('holdfast.encryption.aes-256-gcm\0');

/** Copies a key of {@link KEY_BYTES}. For what is none it answers how long it is. */
export function copyKey(bytes: Uint8Array): MasterKey | { readonly length: number } {
  const copy = copyOf(bytes);
  try {
    return copy.length === KEY_BYTES ? nodeCrypto().createSecretKey(copy) : { length: copy.length };
  } finally {
    copy.fill(0);
  }
}

/** HKDF-SHA256 of a master key; `context` is what the derived key is for, well-formed and of any length. */
export function deriveKey(master: MasterKey, salt: Uint8Array, context: string): Uint8Array {
  // HKDF takes 1,024 bytes at most, and a path alone can be as long. So its digest stands for it.
  const { createHash, hkdfSync } = nodeCrypto();
  const digest = createHash('sha256').update(context).digest();
  const info = new Uint8Array(INFO.length + digest.length);
  info.set(INFO);
  info.set(digest, INFO.length);
  return new Uint8Array(hkdfSync('sha256', master as KeyObject, salt, info, KEY_BYTES));
}

/** Encrypts with AES-256-GCM; writes ciphertext and tag into `to`. */
export function encrypt(key: Uint8Array, plain: Uint8Array, associated: Uint8Array, to: GcmText): void {
  const cipher = nodeCrypto().createCipheriv(ALGORITHM, key, to.nonce, LENGTHS);
  cipher.setAAD(associated);
  to.ciphertext.set(cipher.update(plain));
  cipher.final();
  to.tag.set(cipher.getAuthTag());
}

/** Decrypts with AES-256-GCM; `undefined` when anything is not what was encrypted. What it gives is the caller's own. */
export function decrypt(key: Uint8Array, from: GcmText, associated: Uint8Array): Uint8Array | undefined {
  const decipher = nodeCrypto().createDecipheriv(ALGORITHM, key, from.nonce, LENGTHS);
  decipher.setAAD(associated);
  decipher.setAuthTag(from.tag);
  const { buffer, byteOffset, length } = decipher.update(from.ciphertext);
  const plain = new Uint8Array(buffer, byteOffset, length);
  try {
    decipher.final();
  } catch {
    // Nobody may see what was not genuine.
    plain.fill(0);
    return undefined;
  }
  return buffer.byteLength === length ? plain : new Uint8Array(plain);
}

/**
 * The module that encrypts. It is asked for and not imported, so that this package also loads where there is none:
 * core runs wherever JavaScript does, but what encrypts synchronously is not everywhere.
 *
 * @throws HoldfastError `UNSUPPORTED`
 */
function nodeCrypto(): NodeCrypto {
  const module = globalThis.process?.getBuiltinModule?.('node:crypto');
  if (module !== undefined) return module;
  throw new HoldfastError(
    'UNSUPPORTED',
    'encryption needs `node:crypto`, which this runtime gives only from Node 22.3 on',
  );
}

function copyOf(bytes: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch {
    // Detached: it has none.
    return new Uint8Array(0);
  }
}
