import type { EntryInput, RecordCodec } from '@holdfast/core';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** An opaque entry of a text, which every backend can store. */
export function file(text: string): EntryInput & { readonly kind?: undefined; readonly indexed?: undefined } {
  return { body: encoder.encode(text) };
}

/** A record of a text, which only a backend that takes records can store. */
export function record(text: string): EntryInput {
  return { body: encoder.encode(text), kind: 'contract' };
}

/** The text of a body. */
export function textOf(entry: { readonly body: Uint8Array } | undefined): string | undefined {
  return entry && decoder.decode(entry.body);
}

/** A codec of JSON records that reads any kind and any content type. */
export function bodyCodec<T>(kind: string): RecordCodec<T> {
  return {
    encode: (value) => ({ body: encoder.encode(JSON.stringify(value)), kind }),
    decode: ({ body }) => JSON.parse(decoder.decode(body)) as T,
  };
}

/** Printable bytes that repeat with no short period, so that a lost or swapped block shows. */
export function patternedBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 0x9e3779b9;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = 0x20 + ((state >>> 24) % 95);
  }
  return bytes;
}
