import { expect, test } from 'vitest';
import { bytes } from '../../../test/support/bytes.ts';
import { everythingIn } from '../../../test/support/compare-with-model.ts';
import { MapFilesystem } from '../../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../../test/support/rejection.ts';
import type { Snapshot } from '../../entries/entry.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { EntriesOptions, RootFilesystem } from '../../filesystem/root-filesystem.ts';
import { mountTable } from '../../mounts/mount-table.ts';
import { parsePath } from '../../paths/virtual-path.ts';
import { scopedView, type Grant } from '../../views/scoped-view.ts';

const body = bytes('x');

async function holding(...paths: readonly string[]): Promise<MapFilesystem> {
  const filesystem = new MapFilesystem();
  for (const path of paths) await filesystem.put(path, { body }, 'any');
  filesystem.calls.length = 0;
  return filesystem;
}

async function pathsOf(filesystem: RootFilesystem, options?: EntriesOptions): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of filesystem.entries('/', options)) paths.push(path);
  return paths;
}

const seen: Grant = { at: '/', to: '/', permissions: ['read', 'list'] };
const denied = (at: string): Grant => ({ at, to: at, permissions: [] });

test('what a deeper grant hides is not read through, however much it is', async () => {
  const hidden = Array.from({ length: 500 }, (_, nth) => `/m/${nth}`);
  const backend = await holding('/a', '/m', '/m!', ...hidden, '/m0', '/z');
  const view = scopedView(backend, [seen, denied('/m'), { at: '/m/q', to: '/q', permissions: [] }]);
  expect(await pathsOf(view, { pageSize: 10 })).toEqual(['/a', '/m!', '/m0', '/z']);
  expect(backend.count('_scan')).toBeLessThanOrEqual(3);
});

test('a filesystem that has ended is asked nothing more behind what is mounted in it, and what it gave is not read again', async () => {
  const backend = await holding('/a', '/c', '/n', '/z');
  const table = mountTable([
    { at: '/', filesystem: backend },
    { at: '/b', filesystem: await holding('/1', '/2') },
    { at: '/m', filesystem: await holding() },
    { at: '/q', filesystem: await holding('/3') },
  ]);
  expect(await pathsOf(table)).toEqual(['/a', '/b/1', '/b/2', '/c', '/n', '/q/3', '/z']);
  expect(backend.count('_scan')).toBe(1);
  for (const path of ['/c', '/n', '/z']) await backend.delete(path, 'any');
  backend.calls.length = 0;
  expect(await pathsOf(table)).toEqual(['/a', '/b/1', '/b/2', '/q/3']);
  expect(backend.count('_scan')).toBe(1);
});

test('what is hidden cannot break what is seen', async () => {
  const backend = await holding('/a', '/m/x', '/z');
  /** Fails at what is hidden, as one does that cannot decrypt it. */
  const strict = {
    capabilitiesAt: (path: string) => backend.capabilitiesAt(path),
    get: (path: string) => backend.get(path),
    async *entries(prefix: string, options?: EntriesOptions) {
      for await (const found of backend.entries(prefix, options)) {
        if (found.path === '/m/x') throw new HoldfastError('DECRYPTION_FAILED', 'changed', { path: found.path });
        yield found;
      }
    },
  };
  const filesystem = strict as unknown as RootFilesystem;
  expect(await pathsOf(scopedView(filesystem, [seen, denied('/m')]))).toEqual(['/a', '/z']);
  expect((await typedRejection(pathsOf(scopedView(filesystem, [seen])))).code).toBe('DECRYPTION_FAILED');
});

test.each([1, 1000])('what is wrong where another one is mounted is not heard, with pages of %i', async (pageSize) => {
  const stores = mountTable([{ at: '/m', filesystem: await holding('/a', '/b/hidden', '/b!', '/c') }]);
  const nowhere: Grant = { at: '/b', to: '/nowhere', permissions: ['read', 'list'] };
  const inner = scopedView(stores, [{ ...seen, to: '/m' }, nowhere]);
  const table = mountTable([
    { at: '/t', filesystem: inner },
    { at: '/t/b', filesystem: await holding('/1') },
  ]);
  const all = ['/t/a', '/t/b!', '/t/b/1', '/t/c'];
  expect(await pathsOf(table, { pageSize })).toEqual(all);
  for (const [index, after] of all.entries()) {
    expect(await pathsOf(table, { pageSize, after })).toEqual(all.slice(index + 1));
  }
  expect((await typedRejection(pathsOf(inner, { pageSize }))).code).toBe('NOT_MOUNTED');
});

test.each([1, 1000])(
  'nor is an entry that is broken there, and those behind it are given, with pages of %i',
  async (pageSize) => {
    const backend = await holding('/a', '/b', '/b!', '/c');
    const strict = {
      capabilitiesAt: (path: string) => backend.capabilitiesAt(path),
      get: (path: string) => backend.get(path),
      async *entries(prefix: string, options?: EntriesOptions) {
        for await (const found of backend.entries(prefix, options)) {
          if (found.path === '/b') throw new HoldfastError('CORRUPT', 'broken', { path: found.path });
          yield found;
        }
      },
    };
    const table = mountTable([
      { at: '/', filesystem: strict as unknown as RootFilesystem },
      { at: '/b', filesystem: await holding('/1') },
    ]);
    expect(await pathsOf(table, { pageSize })).toEqual(['/a', '/b!', '/b/1', '/c']);
  },
);

test('a filesystem that does not go on where it is told to is read to its end, and once', async () => {
  const backend = await holding('/a', '/m/x', '/m/y', '/z');
  let iterations = 0;
  const deaf = {
    capabilitiesAt: (path: string) => backend.capabilitiesAt(path),
    get: (path: string) => backend.get(path),
    entries(prefix: string) {
      iterations += 1;
      return backend.entries(prefix);
    },
  };
  const view = scopedView(deaf as unknown as RootFilesystem, [seen, denied('/m')]);
  expect((await pathsOf(view)).at(-1)).toBe('/z');
  expect(iterations).toBe(2);
});

test('a directory whose hidden content cannot be skipped, since that would be too long, is hidden all the same', async () => {
  const deep = `/${'x'.repeat(200)}`.repeat(5).concat('/', 'y'.repeat(16));
  const backend = await holding('/a', `${deep}/b`, '/z');
  expect(deep.length).toBeGreaterThan(1020);
  expect(await pathsOf(scopedView(backend, [seen, denied(deep)]))).toEqual(['/a', '/z']);
});

test('every path that is shown can be read and gone on from, also where a mount makes paths longer', async () => {
  const parent = `/${'x'.repeat(249)}`.repeat(4);
  const longest = `${parent}/${'y'.repeat(23)}`;
  const backend = await holding('/a', longest, '/z');
  const table = mountTable([{ at: '/mounted', filesystem: backend }]);
  const paths = await pathsOf(table);
  expect(paths).toEqual(['/mounted/a', '/mounted/z']);
  for (const path of paths) expect((await table.get(path))?.path).toBe(path);
  expect(await table.list(`/mounted${parent}`)).toEqual({ children: [], next: undefined });
  expect((await backend.list(parent)).children).toHaveLength(1);
});

/** A stranger's filesystem, which cannot let go of what it reads. */
function unreleasable(thrown: unknown, fails: boolean): RootFilesystem {
  const path = parsePath('/secret/tenant/a');
  const found: Snapshot = { path, body, contentType: 'a/b', kind: undefined, indexed: undefined, version: undefined };
  return {
    capabilitiesAt: () => ({}),
    get: async () => undefined,
    entries: () => ({
      next: async () => {
        if (fails) throw new HoldfastError('UNAVAILABLE', 'gone');
        return { done: false, value: found };
      },
      return: () => {
        throw thrown;
      },
    }),
  } as unknown as RootFilesystem;
}

test('what goes wrong when an iteration is ended early is an error of the view', async () => {
  const cursor = new Error('cursor on /secret/tenant: postgres://user:password@host');
  for (const thrown of [cursor, new HoldfastError('UNAVAILABLE', cursor.message, { path: '/secret/tenant' })]) {
    const view = scopedView(unreleasable(thrown, false), [
      { at: '/', to: '/secret/tenant', permissions: ['read', 'list'] },
    ]);
    const entries = view.entries('/');
    expect((await entries.next()).value).toMatchObject({ path: '/a' });
    const error = await typedRejection(entries.return?.() as Promise<unknown>);
    expect(error).toMatchObject({ operation: 'entries', path: '/' });
    expect(everythingIn(error)).not.toMatch(/secret|password/);
  }
});

test('what goes wrong at the end takes the place of no other error', async () => {
  const table = mountTable([{ at: '/', filesystem: unreleasable(new Error('cursor'), true) }]);
  expect(await rejection(table.entries('/').next())).toMatchObject({ code: 'UNAVAILABLE' });
});
