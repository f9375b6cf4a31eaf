import { isArrayBuffer, isUint8Array } from '@holdfast/core/adapter';

/**
 * A plain `Uint8Array` over memory that nobody else refers to, from whatever a driver calls a blob: a `Buffer`,
 * which may be a slice of a shared pool or of a network packet, an `ArrayBuffer`, or a `Uint8Array`. It copies
 * only when it has to. `undefined` when the value is no bytes at all.
 */
export function ownedBytes(value: unknown): Uint8Array | undefined {
  // Asked first: that something is no `ArrayBuffer` takes twenty times as long to tell.
  if (!isUint8Array(value)) return isArrayBuffer(value) ? new Uint8Array(value) : undefined;
  const { buffer, byteLength } = value;
  const whole = isArrayBuffer(buffer) && buffer.byteLength === byteLength;
  return whole ? new Uint8Array(buffer) : new Uint8Array(value);
}
