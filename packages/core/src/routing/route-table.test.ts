import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directory, path } from '../../test/support/arbitraries.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import { parseDirectory, type DirectoryPath } from '../paths/virtual-path.ts';
import { EVERY_PERMISSION, Route } from './route.ts';
import { RouteTable } from './route-table.ts';

const filesystem = new MapFilesystem();

function tableOf(...places: readonly string[]): RouteTable {
  return RouteTable.of(
    places.map((at) => new Route({ at: parseDirectory(at), filesystem, to: '/', permissions: EVERY_PERMISSION })),
  );
}

const at = (route: Route | undefined): DirectoryPath | undefined => route?.at;
const dir = parseDirectory;

test('a route is found at its directory and below it, in whole segments', () => {
  const table = tableOf('/a', '/a/b/c', '/ab');
  expect(
    ['/a', '/a/b', '/a/bc', '/a/b/c', '/a/b/c/d', '/ab', '/ab/c', '/abc', '/'].map((it) => at(table.find(dir(it)))),
  ).toEqual(['/a', '/a', '/a', '/a/b/c', '/a/b/c', '/ab', '/ab', undefined, undefined]);
});

test('the root is a place like any other', () => {
  const table = tableOf('/', '/a');
  expect(['/', '/b', '/a', '/a/b'].map((it) => at(table.find(dir(it))))).toEqual(['/', '/', '/a', '/a']);
});

test('two at one directory are refused, the root too', () => {
  expect(typedThrow(() => tableOf('/a', '/b', '/a')).code).toBe('INVALID_ARGUMENT');
  expect(typedThrow(() => tableOf('/', '/')).code).toBe('INVALID_ARGUMENT');
});

test('routes below a directory come in the order of what is below them, not of their names', () => {
  const table = tableOf('/a', '/a!', '/a/b', '/a0', '/\uff5e', '/😀');
  expect(table.below('/').map(at)).toEqual(['/a!', '/a', '/a/b', '/a0', '/\uff5e', '/😀']);
  expect(table.nextBelow('/').map(at)).toEqual(['/a!', '/a', '/a0', '/\uff5e', '/😀']);
  expect(table.below(dir('/a')).map(at)).toEqual(['/a/b']);
});

test('children come in the order of their names, once each, and tell whether a route begins there', () => {
  const table = tableOf('/a/x', '/a/y', '/a!', '/b', '/b/c', '/😀/x', '/\uff5e');
  expect(table.childrenOf('/')).toEqual([
    { name: 'a', isRoute: false },
    { name: 'a!', isRoute: true },
    { name: 'b', isRoute: true },
    { name: '\uff5e', isRoute: true },
    { name: '😀', isRoute: false },
  ]);
  expect(table.childrenOf(dir('/none'))).toEqual([]);
});

test('whatever the routes are, each question has the answer of a look at all of them', () => {
  fc.assert(
    fc.property(fc.uniqueArray(directory, { maxLength: 8 }), directory, path, (places, asked, below) => {
      const table = tableOf(...places);
      const under = (it: string, around: string): boolean =>
        it !== around && (around === '/' || it.startsWith(`${around}/`));
      for (const it of [asked, below, ...places]) {
        const around = places.filter((place) => place === it || under(it, place));
        expect(at(table.find(it))).toBe(around.toSorted((one, other) => other.length - one.length)[0]);
        const inside = places.filter((place) => under(place, it));
        expect(table.isAbove(it)).toBe(inside.length > 0);
        expect(new Set(table.below(it).map(at))).toEqual(new Set(inside));
        const next = inside.filter((place) => !inside.some((other) => under(place, other)));
        expect(new Set(table.nextBelow(it).map(at))).toEqual(new Set(next));
      }
    }),
    { numRuns: 500 },
  );
});
