import { sameBytes } from '@holdfast/core/adapter';

const decoder = new TextDecoder();

/** More than what a body says at its beginning, in bytes. */
const HEAD = 64;

/** A body that says at its beginning whose it is and how long, and is that all the way. */
export function taggedBody(value: string, length: number): Uint8Array {
  const unit = `${value}/${length};`;
  const { buffer, byteOffset, byteLength } = Buffer.alloc(Math.max(length, unit.length), unit);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The value that a body says, if it is whole; otherwise none. */
export function tagOf(body: Uint8Array): string | undefined {
  const [unit, value = '', length = ''] = /^([\d.]+)\/(\d+);/.exec(decoder.decode(body.subarray(0, HEAD))) ?? [];
  if (unit === undefined) return undefined;
  return sameBytes(body, taggedBody(value, Number(length))) ? value : undefined;
}
