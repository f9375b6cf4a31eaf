import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { bytes, textOf } from '../../test/support/bytes.ts';
import { everythingIn } from '../../test/support/compare-with-model.ts';
import { deferred } from '../../test/support/deferred.ts';
import { THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { BYTES_ONLY, EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { mountTable } from '../mounts/mount-table.ts';
import type { Permission } from '../routing/route.ts';
import { scopedView, type Grant } from './scoped-view.ts';

failOnUnhandledRejections();

const ALL: readonly Permission[] = ['read', 'write', 'delete', 'list'];
const entry = { body: bytes('x') };

async function storing(...paths: readonly string[]): Promise<MapFilesystem> {
  const filesystem = new MapFilesystem();
  for (const path of paths) await filesystem.put(path, { body: bytes(path) }, 'any');
  filesystem.calls.length = 0;
  return filesystem;
}

async function pathsBelow(filesystem: RootFilesystem, prefix: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of filesystem.entries(prefix)) paths.push(path);
  return paths;
}

/** One call of each operation at, or for a directory below, one path. */
function everyOperation(filesystem: RootFilesystem, path: string): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    get: () => filesystem.get(path),
    put: () => filesystem.put(path, entry, 'any'),
    delete: () => filesystem.delete(path, 'any'),
    list: () => filesystem.list(path),
    entries: () => filesystem.entries(path).next(),
  };
}

test('an alias leads somewhere else, and answers have the paths of the view', async () => {
  const filesystem = await storing('/tenants/a/one', '/tenants/a/dir/two', '/tenants/ab/other');
  const view = scopedView(filesystem, [{ at: '/mine', to: '/tenants/a', permissions: ALL }]);
  expect(await view.get('/mine/one')).toMatchObject({ path: '/mine/one', body: bytes('/tenants/a/one') });
  expect((await view.list('/mine')).children.map(({ name }) => name)).toEqual(['dir', 'one']);
  expect((await view.list('/')).children).toEqual([{ name: 'mine', isEntry: false, isPrefix: true }]);
  expect(await pathsBelow(view, '/')).toEqual(['/mine/dir/two', '/mine/one']);
  const { version } = await view.put('/mine/three', entry, 'absent');
  expect(filesystem.stored.get('/tenants/a/three')?.version).toBe(version);
  expect(await view.delete('/mine/one', 'any')).toEqual({ deleted: true });
  expect(filesystem.stored.has('/tenants/a/one')).toBe(false);
});

test('without an alias a grant is the same directory below', async () => {
  const filesystem = await storing('/a/e', '/b/e');
  const view = scopedView(filesystem, [{ at: '/a', permissions: ALL }]);
  expect(textOf(await view.get('/a/e'))).toBe('/a/e');
  expect(await pathsBelow(view, '/')).toEqual(['/a/e']);
});

test.each(['/other', '/mine-too/e', '/min', '/tenants/a/one'])(
  'the path %s, outside every grant, looks like a missing mount, to every operation',
  async (path) => {
    const filesystem = await storing('/tenants/a/one', '/other', '/mine-too/e');
    const view = scopedView(filesystem, [{ at: '/mine', to: '/tenants/a', permissions: ALL }]);
    const table = mountTable([{ at: '/mine', filesystem }]);
    const expected = everyOperation(table, path);
    for (const [operation, call] of Object.entries(everyOperation(view, path))) {
      const refusal = await typedRejection(call());
      expect(refusal).toMatchObject({ code: 'NOT_MOUNTED', operation, path });
      expect(refusal.toJSON()).toEqual((await typedRejection((expected[operation] as typeof call)())).toJSON());
    }
    expect(typedThrow(() => view.capabilitiesAt(path)).toJSON()).toEqual(
      typedThrow(() => table.capabilitiesAt(path)).toJSON(),
    );
    expect(filesystem.calls).toEqual([]);
  },
);

test('a path that only some deeper view leaves out looks the same as one outside every grant', async () => {
  const filesystem = await storing('/a/e', '/b/e');
  const inner = scopedView(filesystem, [{ at: '/a', permissions: ALL }]);
  const outer = scopedView(inner, [
    { at: '/x', to: '/a', permissions: ALL },
    { at: '/y', to: '/b', permissions: ALL },
  ]);
  for (const [operation, call] of Object.entries(everyOperation(outer, '/y/e'))) {
    const there = (await typedRejection(call())).toJSON();
    const nowhere = (await typedRejection((everyOperation(outer, '/z/e')[operation] as typeof call)())).toJSON();
    expect({ ...there, path: '' }).toEqual({ ...nowhere, path: '' });
    expect(there['path']).toBe('/y/e');
  }
});

test('above a deeper grant too, a write is refused as what is below refuses it', async () => {
  const table = mountTable([{ at: '/t', filesystem: new MapFilesystem() }]);
  const lost = scopedView(table, [
    { at: '/', to: '/nowhere', permissions: ALL },
    { at: '/a/b', to: '/t', permissions: ALL },
  ]);
  const error = await typedRejection(lost.put('/a', entry, 'any'));
  expect(error).toMatchObject({ code: 'NOT_MOUNTED', operation: 'put', path: '/a', outcome: 'not-applied' });
  expect(everythingIn(error)).not.toContain('nowhere');
  const place = scopedView(table, [
    { at: '/a', to: '/t', permissions: ALL },
    { at: '/a/b/c', to: '/t', permissions: ALL },
  ]);
  expect((await typedRejection(place.put('/a', entry, 'any'))).code).toBe('INVALID_PATH');
});

test('a deeper grant with fewer permissions takes some away', async () => {
  const filesystem = await storing('/e', '/secret/e', '/secret/open/e');
  const view = scopedView(filesystem, [
    { at: '/', permissions: ALL },
    { at: '/secret', permissions: [] },
    { at: '/secret/open', permissions: ['read', 'list'] },
  ]);
  for (const call of Object.values(everyOperation(view, '/secret/e'))) {
    expect((await typedRejection(call())).code).toBe('ACCESS_DENIED');
  }
  expect(filesystem.calls).toEqual([]);
  expect((await typedRejection(view.list('/secret'))).code).toBe('ACCESS_DENIED');
  expect(await pathsBelow(view, '/')).toEqual(['/e', '/secret/open/e']);
  expect((await view.list('/')).children.map(({ name }) => name)).toEqual(['e', 'secret']);
  expect(textOf(await view.get('/secret/open/e'))).toBe('/secret/open/e');
  expect((await typedRejection(view.put('/secret/open/e', entry, 'any'))).code).toBe('ACCESS_DENIED');
});

test('`write` lets nobody delete, list, or read', async () => {
  const filesystem = await storing('/e');
  const view = scopedView(filesystem, [{ at: '/', permissions: ['write'] }]);
  await view.put('/e', entry, 'any');
  await view.put('/new', entry, 'absent');
  for (const call of [view.get('/e'), view.delete('/e', 'any'), view.list('/'), view.entries('/').next()]) {
    expect(await typedRejection(call)).toMatchObject({ code: 'ACCESS_DENIED' });
  }
  expect(filesystem.calls).toEqual(['_put', '_put']);
});

test('what is denied is denied whatever else is wrong with the call', async () => {
  const filesystem = await storing('/e');
  const view = scopedView(filesystem, [{ at: '/', permissions: [] }]);
  const hostile = view as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const args of [
    [null, 5, 5],
    [{}, 'maybe', { timeoutMs: -1 }],
    [entry, 'any', { signal: AbortSignal.abort() }],
  ]) {
    expect(
      await typedRejection((hostile['put'] as (...all: unknown[]) => Promise<unknown>)('/e', ...args)),
    ).toMatchObject({ code: 'ACCESS_DENIED', operation: 'put', path: '/e', outcome: 'not-applied' });
  }
  expect(filesystem.calls).toEqual([]);
});

test('a view of a view cannot give itself what the inner one has not', async () => {
  const filesystem = await storing('/t/e', '/other/e');
  const inner = scopedView(filesystem, [{ at: '/', to: '/t', permissions: ['read', 'list'] }]);
  const outer = scopedView(inner, [{ at: '/', permissions: ALL }]);
  expect(textOf(await outer.get('/e'))).toBe('/t/e');
  expect((await typedRejection(outer.put('/e', entry, 'any'))).code).toBe('ACCESS_DENIED');
  expect((await typedRejection(outer.delete('/e', 'any'))).code).toBe('ACCESS_DENIED');
  expect(await outer.get('/other/e')).toBeUndefined();
  expect(await pathsBelow(outer, '/')).toEqual(['/e']);
});

test.each(['/../other/e', '/./e', '//e', '/e/', '/a\\e', '/a\u0000', 'e', '', '/\ud800', '/e\u0301'])(
  'a path that is none (%j) does not reach the backend',
  async (path) => {
    const filesystem = await storing('/t/e');
    const view = scopedView(filesystem, [{ at: '/', to: '/t', permissions: ALL }]);
    for (const [operation, call] of Object.entries(everyOperation(view, path))) {
      expect(await typedRejection(call())).toMatchObject({ code: 'INVALID_PATH', operation, path: undefined });
    }
    expect(filesystem.calls).toEqual([]);
  },
);

test('a version of one alias is good at another of the same entry', async () => {
  const filesystem = await storing('/t/e');
  const view = scopedView(filesystem, [
    { at: '/x', to: '/t', permissions: ['read'] },
    { at: '/y', to: '/t', permissions: ['write'] },
  ]);
  const found = await view.get('/x/e');
  if (found?.version === undefined) throw new Error('expected a version');
  await view.put('/y/e', { body: bytes('new') }, { version: found.version });
  expect(textOf(await view.get('/x/e'))).toBe('new');
});

/** Errors of a backend that talks. */
const TALKING: readonly (readonly [string, () => unknown])[] = [
  ['a raw error', () => new Error('no /secret/e')],
  ['a string', () => '/secret/e'],
  ['a typed one with a path', () => new HoldfastError('BUSY', 'busy', { operation: 'get', path: '/secret/e' })],
  ['one with a path in the message', () => new HoldfastError('CORRUPT', "cannot read '/secret/e'")],
  ['one with a host path', () => new HoldfastError('CORRUPT', 'cannot read /var/secret/e')],
  ['one with a URL', () => new HoldfastError('UNAVAILABLE', 'cannot reach https://secret', { outcome: 'not-applied' })],
  ['one with a raw cause', () => new HoldfastError('STORAGE_FULL', 'full', { cause: new Error('/secret/e') })],
  ['an abort of its own', () => new HoldfastError('ABORTED', 'aborted', { cause: new Error('/secret/e') })],
  ['an argument of its own', () => new HoldfastError('INVALID_ARGUMENT', 'bad', { cause: new Error('/secret/e') })],
  [
    'one with a typed cause',
    () => {
      const deepest = new HoldfastError('UNAVAILABLE', 'no /secret/e', {
        path: '/secret/e',
        cause: new Error('secret'),
      });
      return new HoldfastError('CORRUPT', 'corrupt', { path: '/secret/e', cause: deepest });
    },
  ],
  [
    'one that is its own cause',
    () => {
      const error = new HoldfastError('CORRUPT', 'corrupt', { path: '/secret/e' });
      Object.defineProperty(error, 'cause', { get: () => error });
      return error;
    },
  ],
];

test.each(TALKING)('%s shows no path of what is below, and keeps its code', async (_, make) => {
  const filesystem = await storing('/secret/e');
  const thrown = make();
  for (const call of ['_get', '_put', '_delete', '_scan'] as const)
    filesystem.before(call, () => Promise.reject(thrown));
  const inner = scopedView(filesystem, [{ at: '/inner', to: '/secret', permissions: ALL }]);
  const view = scopedView(inner, [{ at: '/', to: '/inner', permissions: ALL }]);
  const calls = { ...everyOperation(view, '/e'), list: () => view.list('/'), entries: () => view.entries('/').next() };
  for (const [operation, call] of Object.entries(calls)) {
    const error = await typedRejection(call());
    expect(error.operation).toBe(operation);
    expect(error.path).toBe(operation === 'list' || operation === 'entries' ? '/' : '/e');
    if (operation === 'get') expect(error.code).toBe(thrown instanceof HoldfastError ? thrown.code : 'BACKEND_FAILED');
    for (const text of [everythingIn(error), inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error)]) {
      expect(text).not.toContain('secret');
      expect(text).not.toContain('inner');
    }
  }
});

test('the reason of the caller’s own signal is the caller’s to see', async () => {
  const filesystem = await storing('/t/e');
  const view = scopedView(filesystem, [{ at: '/', to: '/t', permissions: ALL }]);
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  for (const call of [view.get('/e', { signal }), view.list('/', { signal }), view.entries('/', { signal }).next()]) {
    const error = await typedRejection(call);
    expect([error.code, error.rawCause()]).toEqual(['ABORTED', reason]);
  }
});

test('messages that name no path stay as they are', async () => {
  const view = scopedView(await storing('/t/e'), [{ at: '/', to: '/t', permissions: ALL }]);
  const mismatch = await typedRejection(view.put('/e', entry, 'absent'));
  expect(mismatch.message).toBe('the expectation does not hold');
  const invalid = await typedRejection(view.put('/e', { body: 'text' } as never, 'any'));
  expect(invalid).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('body') as string });
});

test('capabilities are those of the place that a grant leads to', () => {
  const table = mountTable([
    { at: '/files', filesystem: new MapFilesystem(BYTES_ONLY) },
    { at: '/records', filesystem: new MapFilesystem(EVERYTHING) },
  ]);
  const view = scopedView(table, [
    { at: '/f', to: '/files', permissions: [] },
    { at: '/r', to: '/records', permissions: [] },
    { at: '/nowhere', permissions: ALL },
  ]);
  expect(view.capabilitiesAt('/f/x').cas).toBe('create-only');
  expect(view.capabilitiesAt('/r').cas).toBe('versioned');
  const error = typedThrow(() => view.capabilitiesAt('/nowhere/x'));
  expect(error).toMatchObject({ code: 'NOT_MOUNTED', operation: 'capabilitiesAt', path: '/nowhere/x' });
});

test('closing a view ends the view, after what is under way, and leaves the filesystem open', async () => {
  const filesystem = await storing('/e');
  const held = deferred();
  filesystem.before('_get', () => held.promise);
  const view = scopedView(filesystem, [{ at: '/', permissions: ALL }]);
  const pending = view.get('/e');
  const closing = view.close();
  expect(view.close()).toBe(closing);
  expect(await typedRejection(view.get('/e'))).toMatchObject({ code: 'CLOSED', operation: 'get', path: '/e' });
  expect(await Promise.race([closing.then(() => 'closed'), Promise.resolve('waiting')])).toBe('waiting');
  held.resolve();
  await Promise.all([closing, pending]);
  expect(filesystem.count('_close')).toBe(0);
  expect(textOf(await filesystem.get('/e'))).toBe('/e');
});

test('a view of nothing shows nothing', async () => {
  const view = scopedView(new MapFilesystem(), []);
  for (const call of Object.values(everyOperation(view, '/a')))
    expect((await typedRejection(call())).code).toBe('NOT_MOUNTED');
  expect((await typedRejection(view.list('/'))).code).toBe('NOT_MOUNTED');
});

const filesystem = new MapFilesystem();

test.each<[string, unknown, unknown, string, string]>([
  [
    'a promise',
    Promise.resolve(filesystem),
    [],
    'INVALID_ARGUMENT',
    'filesystem must be an opened filesystem, awaited',
  ],
  ['nothing', undefined, [], 'INVALID_ARGUMENT', 'filesystem must be'],
  ['no grants', filesystem, undefined, 'INVALID_ARGUMENT', 'grants must be an array'],
  ['a grant of null', filesystem, [null], 'INVALID_ARGUMENT', 'grants[0] must be an object; got null'],
  ['no permissions', filesystem, [{ at: '/' }], 'INVALID_ARGUMENT', 'grants[0].permissions'],
  [
    'a text of permissions',
    filesystem,
    [{ at: '/', permissions: 'read' }],
    'INVALID_ARGUMENT',
    'grants[0].permissions',
  ],
  [
    'an unknown permission',
    filesystem,
    [{ at: '/', permissions: ['read', 'all'] }],
    'INVALID_ARGUMENT',
    'one of read, write, delete, list',
  ],
  ['a hole', filesystem, [{ at: '/', permissions: Array(1) }], 'INVALID_ARGUMENT', 'grants[0].permissions'],
  ['an unknown key', filesystem, [{ at: '/', permissions: [], from: '/' }], 'INVALID_ARGUMENT', 'unknown key'],
  ['a relative place', filesystem, [{ at: 'a', permissions: [] }], 'INVALID_PATH', 'grants[0].at: '],
  ['an alias to no path', filesystem, [{ at: '/a', to: '/a/../b', permissions: [] }], 'INVALID_PATH', 'grants[0].to: '],
  ['an alias of null', filesystem, [{ at: '/a', to: null, permissions: [] }], 'INVALID_PATH', 'grants[0].to: '],
  [
    'one place twice',
    filesystem,
    [
      { at: '/a', permissions: [] },
      { at: '/a', permissions: ALL },
    ],
    'INVALID_ARGUMENT',
    '/a',
  ],
  ['a getter that throws', filesystem, [throwingGetter('permissions', { at: '/' })], 'INVALID_ARGUMENT', 'readable'],
])('a view is not made of %s', (_, inner, grants, code, message) => {
  const error = typedThrow(() => scopedView(inner as RootFilesystem, grants as Grant[]));
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) as string });
});

test.each(THROWERS)('%s is refused as an argument, wherever it stands', (_, hostile) => {
  const calls: readonly (readonly [unknown, unknown])[] = [
    [hostile(), []],
    [filesystem, hostile()],
    [filesystem, [hostile()]],
    [filesystem, [{ at: hostile(), permissions: [] }]],
    [filesystem, [{ at: '/', to: hostile(), permissions: [] }]],
    [filesystem, [{ at: '/', permissions: hostile() }]],
    [filesystem, [{ at: '/', permissions: [hostile()] }]],
  ];
  for (const [inner, grants] of calls) {
    expect(typedThrow(() => scopedView(inner as RootFilesystem, grants as Grant[])).code).toMatch(
      /^INVALID_(ARGUMENT|PATH)$/,
    );
  }
});

test('later changes of the grants change nothing', async () => {
  const permissions: Permission[] = ['read'];
  const grants: Grant[] = [{ at: '/', permissions }];
  const view = scopedView(await storing('/e'), grants);
  permissions.push('write');
  grants.push({ at: '/e', permissions: ALL });
  expect((await typedRejection(view.put('/e', entry, 'any'))).code).toBe('ACCESS_DENIED');
});

test('an entry from outside the grant, of a backend that lies, is not shown', async () => {
  const liar = new MapFilesystem();
  const foreign = await storing('/tenants/bb/e');
  liar.entries = (_, options) => foreign.entries('/', options);
  const view = scopedView(liar, [{ at: '/mine', to: '/tenants/a', permissions: ALL }]);
  const error = await rejection(view.entries('/mine').next());
  expect(error).toMatchObject({ code: 'CORRUPT', operation: 'entries', path: '/mine' });
  expect(everythingIn(error)).not.toContain('tenants');
});

test('what is wrong with a call is told by a view too, whatever the words of the path it leads to are', async () => {
  const grant = { at: '/', to: '/limit/an/integer/from/1/bytes', permissions: ['read', 'write', 'list'] } as const;
  const view = scopedView(new MapFilesystem(), [grant]);
  expect((await typedRejection(view.list('/', { limit: 0 }))).message).toBe(
    'limit must be an integer from 1 to 1000; got a number',
  );
  const body = new Uint8Array(1001);
  expect((await typedRejection(view.put('/a', { body }, 'any'))).message).toBe('the body is longer than 1000 bytes');
  expect((await typedRejection(view.get('/a', { timeoutMs: 0 }))).message).toBe('the deadline passed');
});
