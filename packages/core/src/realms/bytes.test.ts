import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { isArrayBuffer } from './is-array-buffer.ts';
import { isUint8Array } from './is-uint8-array.ts';

const foreign = (code: string): unknown => runInNewContext(code);

test('bytes are bytes of whatever realm, whatever they call themselves', () => {
  const renamed = Object.defineProperty(new Uint8Array(1), Symbol.toStringTag, { value: 'Other' });
  for (const bytes of [new Uint8Array(1), Buffer.alloc(1), foreign('new Uint8Array(1)'), renamed]) {
    expect(isUint8Array(bytes)).toBe(true);
  }
  const claims = { [Symbol.toStringTag]: 'Uint8Array' };
  for (const other of [claims, new Uint16Array(1), foreign('new Int8Array(1)'), new ArrayBuffer(1), [1], 'a', null]) {
    expect(isUint8Array(other)).toBe(false);
  }
});

test('a buffer is one of whatever realm; one that is shared is not', () => {
  for (const buffer of [new ArrayBuffer(1), foreign('new ArrayBuffer(1)')]) expect(isArrayBuffer(buffer)).toBe(true);
  const claims = { [Symbol.toStringTag]: 'ArrayBuffer', byteLength: 1 };
  for (const other of [claims, new SharedArrayBuffer(1), new Uint8Array(1), undefined, null]) {
    expect(isArrayBuffer(other)).toBe(false);
  }
});
