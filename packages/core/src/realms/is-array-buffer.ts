// Throws for whatever is no `ArrayBuffer`, a `SharedArrayBuffer` among it, and asks no prototype.
const BYTE_LENGTH = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')?.get as (
  this: unknown,
) => number;

/** Whether a value is an `ArrayBuffer`, of this realm or another. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  try {
    BYTE_LENGTH.call(value);
    return true;
  } catch {
    return false;
  }
}
