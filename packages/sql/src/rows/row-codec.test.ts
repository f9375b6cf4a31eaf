import type { VirtualPath } from '@holdfast/core';
import { mintVersion } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import { decodeRow, decodeScannedRow, encodeRow } from './row-codec.ts';

const path = '/a/b' as VirtualPath;
const version = mintVersion();
const body = new Uint8Array([1, 2]);
const row = { kind: 'turn', content_type: 'text/plain', indexed: '{"n":0.1}', version, body };

test('what is encoded is decoded', () => {
  const record = { body, contentType: 'text/plain', kind: 'turn', indexed: { n: 0.1 } };
  const file = { body, contentType: 'text/plain', kind: undefined, indexed: undefined };
  for (const entry of [record, file]) {
    const encoded = encodeRow({ path, entry, expectation: 'any', version });
    expect(decodeRow(path, encoded)).toEqual({ ...entry, path, version });
    expect(decodeScannedRow(encoded)).toEqual({ ...entry, path, version });
  }
});

test.each([
  ['version', ''],
  ['version', null],
  ['version', 7],
  ['version', 'a b'],
  ['kind', ''],
  ['kind', 7],
  ['kind', undefined],
  ['content_type', null],
  ['content_type', ''],
  ['indexed', '{'],
  ['indexed', undefined],
  ['body', null],
  ['body', 'text'],
])('a row whose %s is %j is CORRUPT', (column, value) => {
  expect(() => decodeRow(path, { ...row, [column]: value })).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
});

test.each(['', 'a', '/a/', '/a//b', '/../x', 7, null, undefined])('a row with the path %j is CORRUPT', (bad) => {
  expect(() => decodeScannedRow({ ...row, path: bad })).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
});

test('the error names the column and not the value', () => {
  expect(() => decodeRow(path, { ...row, indexed: 'secret' })).toThrow(/^(?!.*secret).*"indexed"/);
});
