import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { fileUrl, whereIs } from './where.ts';

test.each([
  [{ url: ':memory:' }, { kind: 'memory' }],
  [{ url: 'file::memory:' }, { kind: 'memory' }],
  [{ url: 'file:app.db' }, { kind: 'file', path: resolve('app.db'), url: fileUrl(resolve('app.db')) }],
  [{ url: 'FILE:///tmp/a%20b.db' }, { kind: 'file', path: '/tmp/a b.db', url: 'FILE:///tmp/a%20b.db' }],
  [{ url: 'file://localhost/tmp/a.db' }, { kind: 'file', path: '/tmp/a.db', url: 'file://localhost/tmp/a.db' }],
  [{ url: 'libsql://db.example' }, { kind: 'server', url: 'libsql://db.example' }],
  [
    { url: 'file:replica.db', syncUrl: 'https://db.example' },
    { kind: 'server', url: 'https://db.example' },
  ],
])('%j', (config, where) => {
  expect(whereIs(config)).toEqual(where);
});

test.each([
  { url: 'file:' },
  { url: 'file:///%' },
  { url: 'file::memory:?cache=shared' },
  { url: 'file::MEMORY:' },
  { url: 'FILE::memory:' },
  { url: 'file:%3Amemory%3A' },
  { url: 'file::memory:%3Fcache=shared' },
  { url: 'file:x?mode=memory&cache=shared' },
  { url: 'file:x?vfs=unix-none' },
  { url: 'file:x?immutable=1' },
  { url: 'file:x?nolock=1' },
  { url: 'file:%00' },
  { url: 'file:a.db?mode=ro' },
  { url: 'file:a.db?authToken=x' },
  { url: 'FILE:///a.db?tls=0' },
  { url: 'file:a.db?' },
  { url: 'file:a.db#x' },
  { url: 'file:a.db?authToken=x', syncUrl: 'https://db.example' },
  { url: 'https://db.example', syncUrl: 'https://db.example' },
  { url: ':memory:', syncUrl: 'https://db.example' },
  { url: 'file:a.db', syncUrl: 'file:b.db' },
])('%j is refused', (config) => {
  expect(() => whereIs(config)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

test('a path survives the way through a URL', () => {
  for (const path of ['/a/b.db', '/é ～ 😀/?#%.db', '/C:\\a b\\c.db']) {
    expect(whereIs({ url: fileUrl(path) })).toEqual({ kind: 'file', path, url: fileUrl(path) });
  }
});
