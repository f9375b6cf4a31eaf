import type { Entry, EntryInput, Snapshot } from '../entries/entry.ts';
import { parseEntry, parseOwnEntry, type OwnEntryInput } from '../entries/parse-entry.ts';
import type { RecordCodec } from './record-codec.ts';

/** What an {@link OwnCodec} is made of. */
export interface OwnCodecParts<T> {
  encode(value: T): OwnEntryInput | Promise<OwnEntryInput>;
  decode(stored: Snapshot): T | Promise<T>;
}

/**
 * A codec that is known to keep no part of the bytes that it reads, to change nothing in them, and to give bytes that nobody
 * else has, in an entry that is well-formed. They are not copied for it, as they are for a codec of the caller's.
 */
export class OwnCodec<T> implements RecordCodec<T> {
  readonly encode: RecordCodec<T>['encode'];
  readonly decode: RecordCodec<T>['decode'];
  // Once more: a caller can put other functions in their place.
  readonly #encode: unknown;
  readonly #decode: unknown;

  constructor({ encode, decode }: OwnCodecParts<T>) {
    this.encode = encode;
    this.decode = decode;
    this.#encode = encode;
    this.#decode = decode;
  }

  /** Whether a codec leaves alone what it decodes, and keeps none of it. */
  static onlyLooks(codec: object): boolean {
    return #decode in codec && codec.decode === codec.#decode;
  }

  /**
   * Checks what a codec has made of a value; copied, unless the codec keeps none of it.
   *
   * @throws HoldfastError `INVALID_ARGUMENT`
   */
  static parse(codec: object, encoded: EntryInput): Entry {
    const isOwn = #encode in codec && codec.encode === codec.#encode;
    return isOwn ? parseOwnEntry(encoded as OwnEntryInput) : parseEntry(encoded);
  }
}
