import { expect, test } from 'vitest';
import { DEFAULT_MAX_BODY_BYTES, openSqlite } from '../src/index.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

test('bodies from none to the largest survive in a file, and one byte more is refused', async () => {
  await using scratch = await makeScratch();
  const lengths = [0, 1, 4095, 4096, 4097, 1_000_003, DEFAULT_MAX_BODY_BYTES];
  const bodyOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 31 + length) % 256);
  {
    await using store = await openSqlite({ file: scratch.file });
    for (const length of lengths) await store.put(`/${length}`, { body: bodyOf(length) }, 'absent');
    const tooLong = new Uint8Array(DEFAULT_MAX_BODY_BYTES + 1);
    expect(await refusal(store.put('/more', { body: tooLong }, 'any'))).toBe('BODY_TOO_LARGE not-applied');
  }
  await using store = await openSqlite({ file: scratch.file });
  for (const length of lengths) {
    const found = await store.get(`/${length}`);
    expect(Buffer.compare(found?.body ?? new Uint8Array(9), bodyOf(length))).toBe(0);
  }
  expect(await store.get('/more')).toBe(undefined);
});

test('a body is a plain Uint8Array over memory of its own', async () => {
  await using store = await openSqlite({ file: ':memory:' });
  await store.put('/a', { body: new Uint8Array([1, 2, 3]) }, 'absent');
  const first = await store.get('/a');
  expect(first?.body.constructor).toBe(Uint8Array);
  expect(first?.body.buffer.byteLength).toBe(3);
  first?.body.fill(9);
  expect((await store.get('/a'))?.body).toEqual(new Uint8Array([1, 2, 3]));
});

test('maxBodyBytes bounds bodies to the byte', async () => {
  await using store = await openSqlite({ file: ':memory:', maxBodyBytes: 10 });
  expect(store.capabilitiesAt('/').maxBodyBytes).toBe(10);
  await store.put('/a', { body: new Uint8Array(10) }, 'absent');
  expect(await refusal(store.put('/b', { body: new Uint8Array(11) }, 'absent'))).toBe('BODY_TOO_LARGE not-applied');
});
