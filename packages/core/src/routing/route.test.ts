import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directory, path } from '../../test/support/arbitraries.ts';
import { EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection } from '../../test/support/rejection.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import { compareCodePoints, utf8Length } from '../paths/code-points.ts';
import { childPrefix } from '../paths/path-range.ts';
import { MAX_PATH_BYTES, parseDirectory, parsePath, type VirtualPath } from '../paths/virtual-path.ts';
import { scopedView } from '../views/scoped-view.ts';
import { EVERY_PERMISSION, Route } from './route.ts';

const route = (at: string, to: string, claims: unknown = EVERYTHING): Route => {
  const filesystem = new MapFilesystem(claims);
  return new Route({ at: parseDirectory(at), to: parseDirectory(to), filesystem, permissions: EVERY_PERMISSION });
};

/** A directory of about so many bytes. */
function long(bytes: number): string {
  return `/${'x'.repeat(99)}`.repeat(Math.floor(bytes / 100));
}

test('what goes in comes out again, in the same order', () => {
  fc.assert(
    fc.property(directory, directory, path, path, (at, to, one, other) => {
      const there = route(at, to);
      const [first, second] = [one, other].map((it) => (childPrefix(at) + it.slice(1)) as VirtualPath) as [
        VirtualPath,
        VirtualPath,
      ];
      expect(there.outside(there.inside(first))).toBe(first);
      expect(there.inside(first)).toBe(childPrefix(to) + one.slice(1));
      expect(Math.sign(compareCodePoints(there.inside(first), there.inside(second)))).toBe(
        Math.sign(compareCodePoints(first, second)),
      );
      expect(there.directoryInside(at)).toBe(to);
      expect(there.directoryInside(first)).toBe(there.inside(first));
    }),
  );
});

test.each([
  ['/', '/', 1024],
  ['/', '/123', 1020],
  ['/123', '/', 1024],
  ['/12345', '/123', 1024],
  ['/1', '/ää', 1021],
])('from %s to %s, a path may have %i bytes', (at, to, expected) => {
  expect(route(at, to).capabilitiesAt(parseDirectory(at)).maxPathBytes).toBe(expected);
});

test('where the backend takes shorter paths, so much shorter, but never less than one byte', () => {
  const claims = { ...EVERYTHING, maxPathBytes: 100 };
  expect(route('/12345', '/', claims).capabilitiesAt(parsePath('/12345')).maxPathBytes).toBe(106);
  expect(route('/', `/${'x'.repeat(200)}`, claims).capabilitiesAt('/').maxPathBytes).toBe(1);
});

test('the same capabilities are the same object every time', () => {
  const there = route('/', '/abc');
  expect(there.capabilitiesAt('/')).toBe(there.capabilitiesAt(parsePath('/x')));
  expect(Object.isFrozen(there.capabilitiesAt('/'))).toBe(true);
  expect(route('/', '/').capabilitiesAt('/')).toBe(EVERYTHING);
});

test.each([null, 'versioned', 5])('claims that are none (%o) stay what they are', (claims) => {
  expect(route('/a', '/abc', claims).capabilitiesAt(parsePath('/a') as never) as unknown).toBe(claims);
});

test('a longest path that is no number lets none through', () => {
  const claims = { ...EVERYTHING, maxPathBytes: Number.NaN } as Capabilities;
  expect(route('/', '/a', claims).capabilitiesAt('/').maxPathBytes).toBeNaN();
});

test('what is too long below is refused like any path that is too long, and holds nothing', async () => {
  const backend = new MapFilesystem();
  const view = scopedView(backend, [
    { at: '/', to: long(900), permissions: ['read', 'write', 'delete', 'list'] },
    { at: `${long(500)}/deep`, to: '/d', permissions: ['read', 'write', 'list'] },
  ]);
  const tooLong = parsePath(`${long(400)}/e`);
  for (const call of [
    view.get(tooLong),
    view.put(tooLong, { body: new Uint8Array() }, 'any'),
    view.delete(tooLong, 'any'),
  ]) {
    const error = await typedRejection(call);
    expect(error).toMatchObject({ code: 'INVALID_PATH', path: tooLong });
  }
  expect(view.capabilitiesAt(tooLong)).toBe(view.capabilitiesAt('/'));
  expect(utf8Length(tooLong)).toBeGreaterThan(view.capabilitiesAt(tooLong).maxPathBytes);
  expect(await view.list(tooLong)).toEqual({ children: [], next: undefined });
  expect((await view.entries(tooLong).next()).done).toBe(true);
  expect((await typedRejection(view.list(tooLong, { limit: 0 }))).code).toBe('INVALID_ARGUMENT');
  expect(backend.calls).toEqual([]);
  // A grant below it that leads elsewhere is there all the same.
  expect((await view.list(long(500))).children).toEqual([{ name: 'deep', isEntry: false, isPrefix: true }]);
});

test('a cursor that is too long below leaves out exactly what is before it', async () => {
  const backend = new MapFilesystem();
  const to = long(900);
  const view = scopedView(backend, [{ at: '/', to, permissions: ['read', 'write', 'list'] }]);
  for (const name of ['a', 'x!', 'x'.repeat(50), 'x0', 'z'])
    await view.put(`/${name}`, { body: new Uint8Array() }, 'any');
  const after = long(400);
  expect(utf8Length(to + after)).toBeGreaterThan(MAX_PATH_BYTES);
  const seen: string[] = [];
  for await (const snapshot of view.entries('/', { after, pageSize: 1 })) seen.push(snapshot.path);
  expect(seen).toEqual(['/z']);
});
