import { TAG_BYTES, type GcmText } from './node-crypto.ts';

/*
 * What is stored in place of a body, in this order:
 *
 *     1        the format: 0xFA
 *     1        the length of the key id, n
 *     n        the key id, ASCII
 *     16       the salt of the derived key
 *     12       the nonce
 *     as long as the body     the ciphertext
 *     16       the authentication tag
 *
 * which is n + 46 bytes more than the body.
 */

// A byte that no UTF-8 text contains, so that a plain text body is told from a sealed one by its first byte.
const FORMAT = 0xfa;

const SALT_BYTES = 16;
const NONCE_BYTES = 12;

const MAX_KEY_ID_BYTES = 64;
const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** What {@link isKeyId} demands, in words. */
export const KEY_ID_RULE: string = `1 to ${MAX_KEY_ID_BYTES} ASCII letters, digits, ".", "_" and "-"`;

/**
 * The most bytes by which a stored body is longer than the body: 46, and 64 for the longest key id. By so much
 * `maxBodyBytes` is less on an encrypted filesystem, whatever the ids are, so that no rotation makes a body too long.
 */
export const ENCRYPTION_OVERHEAD_BYTES: number = 2 + MAX_KEY_ID_BYTES + SALT_BYTES + NONCE_BYTES + TAG_BYTES;

/** The parts of a sealed body; views of it. */
export interface SealedBody extends GcmText {
  readonly keyId: string;
  /** Format, key id and salt, as they are stored. */
  readonly header: Uint8Array;
  readonly salt: Uint8Array;
}

/** Whether a value can be the id of a key. */
export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && KEY_ID.test(value);
}

/** A sealed body for a body of some length, with a new salt and nonce; its ciphertext and tag are still to be written. */
export function layOut(keyId: string, bodyBytes: number): SealedBody & { readonly whole: Uint8Array } {
  const whole = new Uint8Array(2 + keyId.length + SALT_BYTES + NONCE_BYTES + bodyBytes + TAG_BYTES);
  whole[0] = FORMAT;
  whole[1] = keyId.length;
  for (let index = 0; index < keyId.length; index += 1) whole[2 + index] = keyId.charCodeAt(index);
  crypto.getRandomValues(whole.subarray(2 + keyId.length, 2 + keyId.length + SALT_BYTES + NONCE_BYTES));
  return { ...parts(whole, keyId), whole };
}

/** Takes a sealed body apart; `undefined` for what is none. Says nothing about whether it is genuine. */
export function takeApart(body: Uint8Array): SealedBody | undefined {
  const [format, idLength = 0] = body;
  if (format !== FORMAT || body.length < 2 + idLength + SALT_BYTES + NONCE_BYTES + TAG_BYTES) return undefined;
  const keyId = String.fromCharCode(...body.subarray(2, 2 + idLength));
  return isKeyId(keyId) ? parts(body, keyId) : undefined;
}

function parts(whole: Uint8Array, keyId: string): SealedBody {
  const salt = 2 + keyId.length;
  const nonce = salt + SALT_BYTES;
  const ciphertext = nonce + NONCE_BYTES;
  const tag = whole.length - TAG_BYTES;
  return {
    keyId,
    header: whole.subarray(0, nonce),
    salt: whole.subarray(salt, nonce),
    nonce: whole.subarray(nonce, ciphertext),
    ciphertext: whole.subarray(ciphertext, tag),
    tag: whole.subarray(tag),
  };
}
