const encoder = new TextEncoder();

// Enough for most; it doubles.
const FIRST_BYTES = 512;
// A UTF-16 unit is at most three bytes of UTF-8.
const BYTES_PER_UNIT = 3;

/**
 * Writes fields one after the other so that no two sequences of fields give the same bytes: what has no fixed length
 * comes after its length.
 */
export class FieldWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** One byte: a count, or a tag that says what comes next. */
  tag(value: number): this {
    this.#reserve(1);
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
    return this;
  }

  /** Eight bytes, IEEE 754, the highest first: every finite number by its exact value. */
  number(value: number): this {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
    return this;
  }

  /** Bytes after their length, which takes four bytes. */
  bytes(value: Uint8Array): this {
    this.#reserve(4 + value.length);
    this.#bytes.set(value, this.#length + 4);
    return this.#close(value.length);
  }

  /** Well-formed text as UTF-8 after its length in bytes, which takes four bytes. */
  text(value: string): this {
    this.#reserve(4 + value.length * BYTES_PER_UNIT);
    return this.#close(encoder.encodeInto(value, this.#bytes.subarray(this.#length + 4)).written);
  }

  /** What has been written. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #close(length: number): this {
    this.#view.setUint32(this.#length, length);
    this.#length += 4 + length;
    return this;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
