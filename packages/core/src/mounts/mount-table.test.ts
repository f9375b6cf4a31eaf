import { beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { bytes, textOf } from '../../test/support/bytes.ts';
import { deferred, never } from '../../test/support/deferred.ts';
import { THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { BYTES_ONLY, EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { withPrefix } from '../layers/with-prefix.ts';
import { mountTable, type Mount } from './mount-table.ts';

beforeEach(followGlobals);

failOnUnhandledRejections();

const entry = { body: bytes('x') };

async function storing(...paths: readonly string[]): Promise<MapFilesystem> {
  const filesystem = new MapFilesystem();
  for (const path of paths) await filesystem.put(path, { body: bytes(path) }, 'any');
  filesystem.calls.length = 0;
  return filesystem;
}

async function pathsBelow(filesystem: RootFilesystem, prefix: string, after?: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of filesystem.entries(prefix, { after, pageSize: 1 })) paths.push(path);
  return paths;
}

test('a path belongs to the longest mount it lies below, and is put there without that', async () => {
  const [root, tenant, deep] = [new MapFilesystem(), new MapFilesystem(), new MapFilesystem()];
  const table = mountTable([
    { at: '/tenants/a', filesystem: tenant },
    { at: '/', filesystem: root },
    { at: '/tenants/a/x/y', filesystem: deep },
  ]);
  for (const path of ['/other', '/tenants/b', '/tenants/a/x', '/tenants/a/x/y/z', '/tenants/a/x/yz']) {
    await table.put(path, { body: bytes(path) }, 'absent');
    const found = await table.get(path);
    expect(found).toMatchObject({ path });
    expect(textOf(found)).toBe(path);
  }
  expect([...root.stored.keys()]).toEqual(['/other', '/tenants/b']);
  expect([...tenant.stored.keys()]).toEqual(['/x', '/x/yz']);
  expect([...deep.stored.keys()]).toEqual(['/z']);
  expect(await table.delete('/tenants/a/x/y/z', 'any')).toEqual({ deleted: true });
  expect(deep.stored.size).toBe(0);
});

test.each(['/tenant-ab', '/tenant-ab/x', '/tenant-', '/tenant-a!', '/tenant', '/tenant-a.x/y', '/tenant-A/x'])(
  'a mount at /tenant-a is not asked about %s',
  async (path) => {
    const filesystem = new MapFilesystem();
    const table = mountTable([{ at: '/tenant-a', filesystem }]);
    expect(await typedRejection(table.put(path, entry, 'any'))).toMatchObject({ code: 'NOT_MOUNTED', path });
    expect(filesystem.calls).toEqual([]);
  },
);

test('where nothing is mounted, every operation is refused with its name, the path and that nothing was applied', async () => {
  const filesystem = new MapFilesystem();
  const table = mountTable([{ at: '/a/b', filesystem }]);
  const calls = {
    get: table.get('/a/x'),
    put: table.put('/a/x', entry, 'any'),
    delete: table.delete('/a/x', 'any'),
    list: table.list('/a/x'),
    entries: table.entries('/a/x').next() as Promise<unknown>,
    capabilitiesAt: Promise.resolve().then(() => table.capabilitiesAt('/a/x')),
  };
  for (const [operation, call] of Object.entries(calls)) {
    const outcome = operation === 'put' || operation === 'delete' ? 'not-applied' : undefined;
    expect(await typedRejection(call)).toMatchObject({ code: 'NOT_MOUNTED', operation, path: '/a/x', outcome });
  }
  expect(filesystem.calls).toEqual([]);
});

test('a table of nothing refuses everything', async () => {
  const table = mountTable([]);
  expect(typedThrow(() => table.capabilitiesAt('/')).code).toBe('NOT_MOUNTED');
  expect((await typedRejection(table.list('/'))).code).toBe('NOT_MOUNTED');
  expect((await typedRejection(table.entries('/').next())).code).toBe('NOT_MOUNTED');
  await table.close();
});

test('capabilities are those of the filesystem that will serve the path', () => {
  const table = mountTable([
    { at: '/', filesystem: new MapFilesystem(EVERYTHING) },
    { at: '/files', filesystem: new MapFilesystem(BYTES_ONLY) },
    { at: '/files/meta', filesystem: new MapFilesystem(EVERYTHING) },
  ]);
  const cas = (path: string): string => table.capabilitiesAt(path).cas;
  expect(['/', '/x', '/filesx', '/files/meta', '/files/meta/x'].map(cas)).toEqual(Array(5).fill('versioned'));
  expect(['/files', '/files/x', '/files/metadata'].map(cas)).toEqual(Array(3).fill('create-only'));
  expect(table.capabilitiesAt('/x')).toBe(table.capabilitiesAt('/y'));
});

test('the place of a mount is a directory and no entry, also where an entry has its name', async () => {
  const root = await storing('/m', '/m/hidden', '/n');
  const inner = await storing('/e');
  const table = mountTable([
    { at: '/', filesystem: root },
    { at: '/m', filesystem: inner },
  ]);
  for (const call of [table.get('/m'), table.put('/m', entry, 'any'), table.delete('/m', 'any')]) {
    expect(await typedRejection(call)).toMatchObject({ code: 'INVALID_PATH', path: '/m' });
  }
  expect((await table.list('/')).children).toEqual([
    { name: 'm', isEntry: false, isPrefix: true },
    { name: 'n', isEntry: true, isPrefix: false },
  ]);
  expect(await pathsBelow(table, '/')).toEqual(['/m/e', '/n']);
  expect(root.stored.has('/m')).toBe(true);
});

test('an entry above a mount stays one, in listings too', async () => {
  const table = mountTable([
    { at: '/', filesystem: await storing('/a') },
    { at: '/a/b', filesystem: await storing('/e') },
  ]);
  expect((await table.list('/')).children).toEqual([{ name: 'a', isEntry: true, isPrefix: true }]);
  expect(textOf(await table.get('/a'))).toBe('/a');
  expect(await pathsBelow(table, '/')).toEqual(['/a', '/a/b/e']);
});

test('on a tree, an entry where a mount needs a directory is refused before the backend is asked', async () => {
  const tree = new MapFilesystem(BYTES_ONLY);
  const table = mountTable([
    { at: '/', filesystem: tree },
    { at: '/a/b', filesystem: new MapFilesystem() },
  ]);
  const error = await typedRejection(table.put('/a', entry, 'any'));
  expect(error).toMatchObject({ code: 'PATH_CONFLICT', operation: 'put', path: '/a', outcome: 'not-applied' });
  expect(tree.calls).toEqual([]);
});

test('a listing has the mounts in their places, page by page, once each', async () => {
  const table = mountTable([
    { at: '/', filesystem: await storing('/a', '/a!', '/c/x', '/c/y', '/\uff5e') },
    { at: '/b', filesystem: await storing() },
    { at: '/c', filesystem: await storing() },
    { at: '/a!/deep/er', filesystem: await storing() },
    { at: '/😀/deep', filesystem: await storing() },
    { at: '/0', filesystem: await storing() },
  ]);
  const expected = ['0', 'a', 'a!', 'b', 'c', '\uff5e', '😀'];
  for (const limit of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const names: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await table.list('/', { after, limit });
      expect(page.children.length).toBeLessThanOrEqual(limit);
      names.push(...page.children.map(({ name }) => name));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(names).toEqual(expected);
  }
  expect((await table.list('/', { after: 'b!' })).children.map(({ name }) => name)).toEqual(expected.slice(4));
});

test('a directory in which there is nothing but mounts costs no call', async () => {
  const filesystem = new MapFilesystem();
  const table = mountTable([{ at: '/a/b/c', filesystem }]);
  expect(await table.list('/')).toEqual({ children: [{ name: 'a', isEntry: false, isPrefix: true }], next: undefined });
  expect((await table.list('/a')).children).toMatchObject([{ name: 'b' }]);
  expect(filesystem.calls).toEqual([]);
  const aborted = await typedRejection(table.list('/', { signal: AbortSignal.abort('enough') }));
  expect(aborted).toMatchObject({ code: 'ABORTED', operation: 'list', path: '/' });
  expect(aborted.rawCause()).toBe('enough');
  expect((await typedRejection(table.list('/', { timeoutMs: 0 }))).code).toBe('TIMEOUT');
});

test('entries go through mounts in the order of their paths, from any cursor', async () => {
  const table = mountTable([
    { at: '/', filesystem: await storing('/a', '/a!', '/a!x/1', '/a/hidden', '/a0', '/\uff5e') },
    { at: '/a', filesystem: await storing('/1', '/2/x') },
    { at: '/a/1/in', filesystem: await storing('/deep') },
    { at: '/😀', filesystem: await storing('/1') },
  ]);
  const expected = ['/a!', '/a!x/1', '/a/1', '/a/1/in/deep', '/a/2/x', '/a0', '/\uff5e', '/😀/1'];
  expect(await pathsBelow(table, '/')).toEqual(expected);
  for (const after of [...expected, '/a', '/a/1/in', '/a/1/x', '/a/0', '/b', '/😀', '/!', '/a/2/x/y']) {
    const behind = expected.filter((path) => Buffer.compare(Buffer.from(path), Buffer.from(after)) > 0);
    expect([after, ...(await pathsBelow(table, '/', after))]).toEqual([after, ...behind]);
  }
  expect(await pathsBelow(table, '/a')).toEqual(['/a/1', '/a/1/in/deep', '/a/2/x']);
  expect(await pathsBelow(table, '/a/1')).toEqual(['/a/1/in/deep']);
});

test('an iteration that is left early asks the mounts that it did not reach nothing', async () => {
  const [first, second] = [await storing('/1', '/2'), await storing('/1')];
  const table = mountTable([
    { at: '/a', filesystem: first },
    { at: '/b', filesystem: second },
  ]);
  for await (const { path } of table.entries('/')) {
    expect(path).toBe('/a/1');
    break;
  }
  expect(second.calls).toEqual([]);
});

test('an iteration that fails names the mount in which it did', async () => {
  const broken = await storing('/x');
  broken.before('_scan', () => Promise.reject(new HoldfastError('UNAVAILABLE', 'gone')));
  const table = mountTable([
    { at: '/', filesystem: await storing('/a') },
    { at: '/m', filesystem: broken },
  ]);
  const error = await typedRejection(pathsBelow(table, '/'));
  expect(error).toMatchObject({ code: 'UNAVAILABLE', operation: 'entries', path: '/m', outcome: undefined });
});

test('a version of one mount is refused by another, and nothing changes', async () => {
  const table = mountTable([
    { at: '/a', filesystem: new MapFilesystem() },
    { at: '/b', filesystem: new MapFilesystem() },
  ]);
  const { version } = await table.put('/a/e', entry, 'absent');
  const other = await table.put('/b/e', entry, 'absent');
  if (version === undefined) throw new Error('expected a version');
  const calls = [table.put('/b/e', { body: bytes('y') }, { version }), table.delete('/b/e', { version })];
  for (const call of calls) {
    expect(await typedRejection(call)).toMatchObject({
      code: 'VERSION_MISMATCH',
      path: '/b/e',
      outcome: 'not-applied',
    });
  }
  expect(await table.get('/b/e')).toMatchObject({ version: other.version, body: entry.body });
  await table.put('/a/e', entry, { version });
});

test('errors have the paths of the table, and keep the rest', async () => {
  const filesystem = await storing('/e');
  const table = mountTable([{ at: '/m', filesystem }]);
  const mismatch = await typedRejection(table.put('/m/e', entry, 'absent'));
  expect(mismatch).toMatchObject({ code: 'VERSION_MISMATCH', operation: 'put', path: '/m/e', outcome: 'not-applied' });
  const driver = new Error('driver');
  filesystem.before('_get', () => Promise.reject(driver));
  const failed = await typedRejection(table.get('/m/e'));
  expect(failed).toMatchObject({ code: 'BACKEND_FAILED', operation: 'get', path: '/m/e', outcome: undefined });
  expect(failed.rawCause()).toBe(driver);
  filesystem.claims = BYTES_ONLY;
  const refused = await typedRejection(table.put('/m/r', { ...entry, kind: 'k' }, 'any'));
  expect(refused).toMatchObject({ code: 'UNSUPPORTED', capability: 'records', path: '/m/r' });
});

test('a body may be changed as soon as `put` has been called', async () => {
  const filesystem = new MapFilesystem();
  const body = bytes('before');
  const pending = mountTable([{ at: '/m', filesystem }]).put('/m/e', { body }, 'any');
  body.fill(0);
  await pending;
  expect(textOf(filesystem.stored.get('/e'))).toBe('before');
});

test('a mount that promises less than it must is refused with every shortfall', () => {
  const error = typedThrow(() =>
    mountTable([
      { at: '/ok', filesystem: new MapFilesystem(), requires: { cas: 'versioned', records: true } },
      {
        at: '/files',
        filesystem: new MapFilesystem(BYTES_ONLY),
        requires: { cas: 'versioned', records: true, durability: 'power-loss', maxBodyBytes: 1001, paths: 'tree' },
      },
    ]),
  );
  expect(error).toMatchObject({ code: 'UNSUPPORTED', path: '/files', capability: 'cas' });
  for (const part of [
    'cas must be versioned and is create-only',
    'records must be true and is false',
    'durability must be power-loss and is none',
    'maxBodyBytes must be at least 1001 and is 1000',
  ]) {
    expect(error.message).toContain(part);
  }
  expect(error.message).not.toContain('paths must');
});

test('a filesystem that cannot tell what it promises, promises nothing', () => {
  const filesystem = mountTable([{ at: '/only-here', filesystem: new MapFilesystem() }]);
  const error = typedThrow(() => mountTable([{ at: '/', filesystem, requires: { cas: 'none' } }]));
  expect(error).toMatchObject({ code: 'UNSUPPORTED', capability: 'cas' });
  mountTable([{ at: '/', filesystem, requires: {} }]);
});

const filesystem = new MapFilesystem();
const unread = Object.assign(Promise.resolve(filesystem), { at: '/' });

test.each<[string, unknown, string, string]>([
  ['no array', {}, 'INVALID_ARGUMENT', 'mounts must be an array'],
  ['nothing', undefined, 'INVALID_ARGUMENT', 'mounts must be an array'],
  ['a hole', Array(1), 'INVALID_ARGUMENT', 'mounts[0] must be an object'],
  ['null', [null], 'INVALID_ARGUMENT', 'mounts[0] must be an object; got null'],
  ['a number', [5], 'INVALID_ARGUMENT', 'mounts[0] must be an object'],
  ['an unknown key', [{ at: '/', filesystem, require: {} }], 'INVALID_ARGUMENT', 'mounts[0] has an unknown key'],
  ['a promise', [{ at: '/', filesystem: unread }], 'INVALID_ARGUMENT', 'mounts[0].filesystem must be an opened'],
  ['no filesystem', [{ at: '/' }], 'INVALID_ARGUMENT', 'mounts[0].filesystem must be'],
  ['no place', [{ filesystem }], 'INVALID_PATH', 'mounts[0].at: a path must be a string'],
  ['no path', [{ at: 'a', filesystem }], 'INVALID_PATH', 'mounts[0].at: a path must be absolute'],
  ['a slash at the end', [{ at: '/a/', filesystem }], 'INVALID_PATH', 'mounts[0].at: '],
  [
    'one place twice',
    [
      { at: '/a', filesystem },
      { at: '/a', filesystem },
    ],
    'INVALID_ARGUMENT',
    '/a',
  ],
  [
    'the root twice',
    [
      { at: '/', filesystem },
      { at: '/', filesystem },
    ],
    'INVALID_ARGUMENT',
    'same directory',
  ],
  ['`owned` that is no boolean', [{ at: '/', filesystem, owned: 1 }], 'INVALID_ARGUMENT', 'mounts[0].owned'],
  ['requirements that are none', [{ at: '/', filesystem, requires: null }], 'INVALID_ARGUMENT', 'mounts[0].requires'],
  ['a getter that throws', [throwingGetter('at', { filesystem })], 'INVALID_ARGUMENT', 'mounts[0] must be readable'],
])('a table is not made of %s', (_, mounts, code, message) => {
  const error = typedThrow(() => mountTable(mounts as Mount[]));
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) as string });
});

test.each(THROWERS)('%s is refused as an argument, wherever it stands', (_, hostile) => {
  const places: readonly unknown[] = [
    hostile(),
    [hostile()],
    [{ at: hostile(), filesystem }],
    [{ at: '/', filesystem: hostile() }],
    [{ at: '/', filesystem, requires: hostile() }],
    [{ at: '/', filesystem, requires: { planes: hostile() } }],
    [{ at: '/', filesystem, owned: hostile() }],
    new Proxy([], {
      get: () => {
        throw new Error('boom');
      },
    }),
  ];
  for (const mounts of places) {
    expect(typedThrow(() => mountTable(mounts as Mount[])).code).toMatch(/^INVALID_(ARGUMENT|PATH)$/);
  }
});

test('later changes of what the table was made of change nothing', async () => {
  const inner = await storing('/e');
  const mount = { at: '/m', filesystem: inner as RootFilesystem };
  const mounts = [mount];
  const table = mountTable(mounts);
  mount.at = '/x';
  mount.filesystem = new MapFilesystem();
  mounts.pop();
  expect(textOf(await table.get('/m/e'))).toBe('/e');
});

test('closing refuses what comes after, waits for what is under way, and closes each owned filesystem once', async () => {
  const [owned, lent] = [await storing('/a/e'), await storing('/e')];
  const held = deferred();
  owned.before('_get', () => held.promise);
  const table = mountTable([
    { at: '/a', filesystem: withPrefix(owned, '/a') },
    { at: '/b', filesystem: withPrefix(owned, '/b') },
    { at: '/c', filesystem: lent, owned: false },
  ]);
  const pending = table.get('/a/e');
  const closing = table.close();
  expect(table.close()).toBe(closing);
  expect(table[Symbol.asyncDispose]()).toBe(closing);
  expect(await typedRejection(table.get('/c/e'))).toMatchObject({ code: 'CLOSED', operation: 'get', path: '/c/e' });
  expect((await typedRejection(table.list('/'))).code).toBe('CLOSED');
  expect((await typedRejection(table.entries('/').next())).code).toBe('CLOSED');
  expect(owned.count('_close')).toBe(0);
  held.resolve();
  await closing;
  expect(textOf(await pending)).toBe('/a/e');
  expect([owned.count('_close'), lent.count('_close')]).toEqual([1, 0]);
  expect(textOf(await lent.get('/e'))).toBe('/e');
});

test('an iteration under way ends with the close', async () => {
  const table = mountTable([{ at: '/m', filesystem: await storing('/1', '/2') }]);
  const iterator = table.entries('/');
  expect((await iterator.next()).value).toMatchObject({ path: '/m/1' });
  await table.close();
  expect(await typedRejection(iterator.next())).toMatchObject({ code: 'CLOSED', operation: 'entries' });
  expect((await iterator.next()).done).toBe(true);
});

test('all owned filesystems are closed also when one fails to, and the failure is reported every time', async () => {
  const [bad, good] = [new MapFilesystem(), new MapFilesystem()];
  bad.before('_close', () => Promise.reject(new Error('secret')));
  const table = mountTable([
    { at: '/a', filesystem: bad },
    { at: '/b', filesystem: good },
  ]);
  for (let time = 0; time < 2; time += 1) {
    expect(await typedRejection(table.close())).toMatchObject({ code: 'BACKEND_FAILED', operation: 'close' });
  }
  expect(good.count('_close')).toBe(1);
});

test('a hung operation does not hang the close', async () => {
  vi.useFakeTimers();
  try {
    const hung = new MapFilesystem();
    hung.before('_get', never);
    const table = mountTable([{ at: '/m', filesystem: hung }]);
    void table.get('/m/e');
    const closing = table.close();
    await vi.advanceTimersByTimeAsync(60_000);
    await closing;
    expect(hung.count('_close')).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('signals and deadlines go to the filesystem in charge', async () => {
  const hung = new MapFilesystem();
  hung.before('_get', never);
  const table = mountTable([{ at: '/m', filesystem: hung }]);
  const controller = new AbortController();
  const pending = typedRejection(table.get('/m/e', { signal: controller.signal }));
  controller.abort('enough');
  const aborted = await pending;
  expect(aborted).toMatchObject({ code: 'ABORTED', path: '/m/e' });
  expect(aborted.rawCause()).toBe('enough');
  expect(await rejection(table.get('/m/e', { timeoutMs: 1 }))).toMatchObject({ code: 'TIMEOUT', path: '/m/e' });
});
