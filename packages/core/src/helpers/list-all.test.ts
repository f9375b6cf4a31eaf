import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { collect } from '../../test/support/collect.ts';
import { never } from '../../test/support/deferred.ts';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { JUNK, THROWERS } from '../../test/support/hostile.ts';
import { BYTES_ONLY, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection } from '../../test/support/rejection.ts';
import { stranger } from '../../test/support/stranger.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import type { ListOptions } from '../filesystem/root-filesystem.ts';
import { listAll, type ListAllOptions } from './list-all.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A filesystem with these entries, and what its `list` is asked for. */
async function withEntries(...paths: readonly string[]) {
  const filesystem = new MapFilesystem({ ...BYTES_ONLY, paths: 'prefix' });
  for (const path of paths) await filesystem.put(path, { body: new Uint8Array() }, 'absent');
  const asked: (ListOptions | undefined)[] = [];
  const watched = stranger(filesystem, {
    list: (directory: string, options?: ListOptions) => {
      asked.push(options);
      return filesystem.list(directory, options);
    },
  });
  return { watched, asked };
}

const names = async (...given: Parameters<typeof listAll>): Promise<string[]> =>
  (await collect(listAll(...given))).map(({ name }) => name);

test('it gives every child in order, whatever the size of a page', async () => {
  const { watched } = await withEntries('/d/a', '/d/b/c', '/d/b', '/d/é', '/d/😀', '/d/\uff5e', '/e');
  const all = ['a', 'b', 'é', '\uff5e', '😀'];
  for (const options of [undefined, {}, ...[1, 2, 3, 4, 5, 6, 1000].map((pageSize) => ({ pageSize }))]) {
    expect(await names(watched, '/d', options)).toEqual(all);
  }
  expect(await names(watched, '/d', { after: 'b' })).toEqual(all.slice(2));
  expect(await collect(listAll(watched, '/'))).toEqual([
    { name: 'd', isEntry: false, isPrefix: true },
    { name: 'e', isEntry: true, isPrefix: false },
  ]);
  expect(await names(watched, '/none')).toEqual([]);
});

test('pages are asked for one by one, the largest there are unless another size is given, and none too many', async () => {
  const { watched, asked } = await withEntries('/a', '/b', '/c');
  const { signal } = new AbortController();
  const iteration = listAll(watched, '/', { pageSize: 2, signal, timeoutMs: 300 });
  expect(asked).toEqual([]);
  await iteration.next();
  await iteration.next();
  expect(asked).toEqual([{ signal, timeoutMs: 300, after: undefined, limit: 2 }]);
  await iteration.next();
  expect(asked.slice(1)).toEqual([{ signal, timeoutMs: 300, after: 'b', limit: 2 }]);
  expect(await iteration.next()).toEqual({ done: true, value: undefined });
  await names(watched, '/');
  expect(asked.slice(2)).toEqual([{ signal: undefined, timeoutMs: undefined, after: undefined, limit: 1000 }]);
});

test('a filesystem whose pages go in circles ends it with CORRUPT, and not never', async () => {
  const circular = stranger(new MapFilesystem(), { list: async () => ({ children: [], next: 'a' }) });
  expect(await typedRejection(collect(listAll(circular, '/d')))).toMatchObject({
    code: 'CORRUPT',
    operation: 'listAll',
    path: '/d',
  });
});

test("errors are those of the helper, and a stranger's are typed", async () => {
  const { watched } = await withEntries();
  await watched.close();
  expect(await typedRejection(listAll(watched, '/d').next())).toMatchObject({
    code: 'CLOSED',
    operation: 'listAll',
    path: '/d',
  });
  const broken = stranger(new MapFilesystem(), { list: async () => undefined });
  expect(await typedRejection(listAll(broken, '/d').next())).toMatchObject({ code: 'BACKEND_FAILED', path: '/d' });
});

test('a deadline bounds each page, and not what the consumer does in between', async () => {
  const { watched } = await withEntries('/a', '/b');
  const patient = listAll(watched, '/', { pageSize: 1, timeoutMs: 300 });
  await patient.next();
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await patient.next()).toMatchObject({ value: { name: 'b' } });
  const late = typedRejection(
    listAll(stranger(new MapFilesystem(), { list: () => never() }), '/', { timeoutMs: 9 }).next(),
  );
  await vi.advanceTimersByTimeAsync(9);
  expect(await late).toMatchObject({ code: 'TIMEOUT', operation: 'listAll', path: '/' });
  const signal = AbortSignal.abort(new Error('mine'));
  expect((await typedRejection(listAll(watched, '/', { signal }).next())).code).toBe('ABORTED');
});

test.each<[string, ListAllOptions, RegExp]>([
  ['a page of nothing', { pageSize: 0 }, /^pageSize must be an integer from 1 to 1000/],
  ['a page that is too large', { pageSize: 1001 }, /^pageSize must be an integer from 1 to 1000/],
  ['an option of `list`', { limit: 1 } as object, /^options has an unknown key limit/],
  ['what is no name', { after: 'a/b' }, /^after must be the name of a child/],
])('%s rejects the first step', async (_, options, message) => {
  const { watched } = await withEntries();
  const error = await typedRejection(listAll(watched, '/d', options).next());
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'listAll', path: '/d' });
  expect(error.message).toMatch(message);
});

test('whatever is given in place of an argument is a typed refusal', async () => {
  for (const each of [...JUNK, ...THROWERS.map(([, make]) => make())] as never[]) {
    for (const call of [listAll(each, '/d'), listAll(new MapFilesystem(), each)]) {
      await expect(call.next()).rejects.toMatchObject({ operation: 'listAll' });
    }
  }
});
