import { expect, test } from 'vitest';
import { collect } from '../../test/support/collect.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { withPrefix } from './with-prefix.ts';

const entry = { body: Uint8Array.of(1) };

test('what is below the prefix is there, and nothing else', async () => {
  const backend = new MapFilesystem();
  const filesystem = withPrefix(backend, '/app/one');
  await filesystem.put('/a', entry, 'absent');
  for (const path of ['/a', '/app/one!', '/app/oneself/a', '/app/two/a']) await backend.put(path, entry, 'absent');
  expect(backend.stored.has('/app/one/a')).toBe(true);
  expect((await filesystem.get('/a'))?.path).toBe('/a');
  expect((await collect(filesystem.entries('/'))).map(({ path }) => path)).toEqual(['/a']);
  expect((await filesystem.list('/')).children).toEqual([{ name: 'a', isEntry: true, isPrefix: false }]);
});

test('paths may be so much shorter, and say so', async () => {
  const filesystem = withPrefix(new MapFilesystem(), '/äpp');
  const { maxPathBytes } = filesystem.capabilitiesAt('/');
  expect(maxPathBytes).toBe(1024 - 5);
  const segments = `/${'a'.repeat(250)}`.repeat(4);
  const longest = segments + '/'.padEnd(maxPathBytes - segments.length, 'b');
  await filesystem.put(longest, entry, 'absent');
  expect(await typedRejection(filesystem.get(`${longest}b`))).toMatchObject({
    code: 'INVALID_PATH',
    operation: 'get',
    path: `${longest}b`,
  });
});

test('it closes the filesystem below', async () => {
  const backend = new MapFilesystem();
  const filesystem = withPrefix(backend, '/app');
  await filesystem.close();
  expect(backend.calls).toEqual(['_close']);
  expect((await typedRejection(filesystem.get('/a'))).code).toBe('CLOSED');
});

test.each(['app', '/app/', '', 5, '/..'])('%o is no prefix', (prefix) => {
  expect(typedThrow(() => withPrefix(new MapFilesystem(), prefix as string)).code).toBe('INVALID_PATH');
});
