import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { ownedBytes } from './owned-bytes.ts';

test('whatever a driver calls a blob becomes a plain Uint8Array over memory of its own', () => {
  const pooled = Buffer.from('abc');
  expect(pooled.buffer.byteLength).toBeGreaterThan(3);
  const bytes = ownedBytes(pooled);
  expect(bytes?.constructor).toBe(Uint8Array);
  expect(bytes).toEqual(new Uint8Array([97, 98, 99]));
  expect(bytes?.buffer.byteLength).toBe(3);
  pooled.fill(0);
  expect(bytes?.[0]).toBe(97);
});

test('memory that nobody else refers to is not copied', () => {
  const buffer = new ArrayBuffer(4);
  expect(ownedBytes(buffer)?.buffer).toBe(buffer);
  expect(ownedBytes(new Uint8Array(buffer))?.buffer).toBe(buffer);
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  expect(ownedBytes(shared)?.buffer).not.toBe(shared.buffer);
});

test('no bytes are bytes too, and other values are none', () => {
  expect(ownedBytes(Buffer.alloc(0))).toEqual(new Uint8Array(0));
  for (const value of ['', 'abc', null, undefined, 7, [1], new Uint16Array(1)])
    expect(ownedBytes(value)).toBe(undefined);
});

test('bytes of another realm become bytes of this one', () => {
  for (const code of ['Uint8Array.of(1, 2)', 'Uint8Array.of(1, 2).buffer', 'Uint8Array.of(0, 1, 2).subarray(1)']) {
    const bytes = ownedBytes(runInNewContext(code));
    expect([bytes?.constructor, bytes]).toEqual([Uint8Array, Uint8Array.of(1, 2)]);
  }
});
