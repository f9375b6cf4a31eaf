import { expect, test } from 'vitest';
import { collect } from '../../test/support/collect.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection } from '../../test/support/rejection.ts';
import { withReadOnly } from './with-read-only.ts';

const entry = { body: Uint8Array.of(1) };

test('everything can be read and nothing be changed, whatever the entry and the expectation', async () => {
  const backend = new MapFilesystem();
  await backend.put('/a', entry, 'absent');
  const filesystem = withReadOnly(backend);
  expect(await filesystem.get('/a')).toEqual(backend.stored.get('/a'));
  expect((await filesystem.list('/')).children).toHaveLength(1);
  expect(await collect(filesystem.entries('/'))).toHaveLength(1);
  const before = backend.calls.length;
  const denied = { code: 'ACCESS_DENIED', outcome: 'not-applied', path: '/a' };
  for (const expectation of ['any', 'absent', { version: 'x' }, undefined] as never[]) {
    expect(await typedRejection(filesystem.put('/a', entry, expectation))).toMatchObject(denied);
    expect(await typedRejection(filesystem.delete('/a', expectation))).toMatchObject(denied);
  }
  expect(backend.calls.length).toBe(before);
  expect(filesystem.capabilitiesAt('/a')).toBe(backend.capabilitiesAt('/a'));
});

test('a path that is none is refused as that', async () => {
  const filesystem = withReadOnly(new MapFilesystem());
  for (const path of ['a', '/', 5] as string[]) {
    expect((await typedRejection(filesystem.put(path, entry, 'any'))).code).toBe('INVALID_PATH');
    expect((await typedRejection(filesystem.delete(path, 'any'))).code).toBe('INVALID_PATH');
  }
});

test('it closes the filesystem below', async () => {
  const backend = new MapFilesystem();
  const filesystem = withReadOnly(backend);
  await filesystem.close();
  expect(backend.calls).toEqual(['_close']);
  expect((await typedRejection(filesystem.get('/a'))).code).toBe('CLOSED');
});
