import { isUint8Array } from '../../realms/is-uint8-array.ts';
import { isPlainObject } from '../../entries/plain-object.ts';
import { HoldfastError, isHoldfastError } from '../../errors/holdfast-error.ts';
import { invalidArgument } from '../../errors/invalid-argument.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import { readLayerOptions } from '../layer-options.ts';
import { copyKey, deriveKey, KEY_BYTES, type MasterKey } from './node-crypto.ts';
import { isKeyId, KEY_ID_RULE } from './sealed-body.ts';

/** The master keys by their ids, of which one is for writing. No key can be read out of it. */
export class KeyRing {
  /** The id of the key that writes use. */
  readonly currentId: string;
  readonly #keys: ReadonlyMap<string, MasterKey>;

  /**
   * Checks the options of `withEncryption` and copies the keys.
   *
   * @throws HoldfastError `INVALID_ARGUMENT`, with the kind of a value and never a value in the message
   */
  static of(options: unknown): KeyRing {
    const { keys, currentKey } = readLayerOptions(options, ['keys', 'currentKey']);
    const parsed = parseKeys(keys);
    if (!isKeyId(currentKey) || !parsed.has(currentKey)) {
      throw invalidArgument('currentKey', 'the id of one of the keys', currentKey);
    }
    return new KeyRing(parsed, currentKey);
  }

  private constructor(keys: ReadonlyMap<string, MasterKey>, currentId: string) {
    this.#keys = keys;
    this.currentId = currentId;
  }

  /**
   * Runs something with the key of one write at one path: HKDF-SHA256 of the master key, with the salt of that write.
   * The key is wiped afterwards.
   */
  withDerivedKey<T>(id: string, salt: Uint8Array, path: VirtualPath, use: (key: Uint8Array) => T): T {
    const master = this.#keys.get(id);
    if (master === undefined) throw new HoldfastError('KEY_NOT_FOUND', 'the key is not in the key ring');
    const key = deriveKey(master, salt, path);
    try {
      return use(key);
    } finally {
      key.fill(0);
    }
  }
}

function parseKeys(value: unknown): ReadonlyMap<string, MasterKey> {
  try {
    if (!isPlainObject(value)) throw invalidArgument('keys', 'a plain object of keys by their ids', value);
    const ids = Reflect.ownKeys(value);
    const wrong = ids.findIndex((id) => !isKeyId(id));
    // Not with its text: who mistakes the two has a key there.
    if (wrong !== -1) throw invalidArgument('each id in keys', KEY_ID_RULE, ids[wrong]);
    if (ids.length === 0) throw new HoldfastError('INVALID_ARGUMENT', 'keys must have at least one key');
    return new Map((ids as string[]).map((id) => [id, parseKey(id, (value as Record<string, unknown>)[id])]));
  } catch (thrown) {
    if (isHoldfastError(thrown)) throw thrown;
    // Without what was thrown: nobody knows what it says of the keys.
    throw new HoldfastError('INVALID_ARGUMENT', 'keys must be readable');
  }
}

function parseKey(id: string, value: unknown): MasterKey {
  const rule = `a Uint8Array of ${KEY_BYTES} bytes`;
  // Who mistakes the two has a key there, which is no shorter in any spelling.
  const name = id.length < KEY_BYTES ? `keys["${id}"]` : 'each key in keys';
  if (!isUint8Array(value)) throw invalidArgument(name, rule, value);
  const key = copyKey(value);
  if (!('length' in key)) return key;
  throw new HoldfastError('INVALID_ARGUMENT', `${name} must be ${rule}; got one of ${key.length}`);
}
