import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directory } from '../../../test/support/arbitraries.ts';
import { MapFilesystem } from '../../../test/support/map-filesystem.ts';
import { compareCodePoints } from '../../paths/code-points.ts';
import { rangeBelow } from '../../paths/path-range.ts';
import { parseDirectory, type VirtualPath } from '../../paths/virtual-path.ts';
import { EVERY_PERMISSION, Route } from '../../routing/route.ts';
import { RouteTable } from '../../routing/route-table.ts';
import { stretchAt, type Stretch } from './stretch.ts';

const filesystem = new MapFilesystem();

function tableOf(...places: readonly string[]): RouteTable {
  return RouteTable.of(
    places.map((at) => new Route({ at: parseDirectory(at), filesystem, to: '/', permissions: EVERY_PERMISSION })),
  );
}

/** All of what is below a directory, in order. */
function stretchesBelow(routes: RouteTable, below: string): Stretch[] {
  const stretches: Stretch[] = [];
  let from = rangeBelow(parseDirectory(below)).from;
  for (;;) {
    const stretch = stretchAt(routes, parseDirectory(below), from);
    if (stretch === undefined) return stretches;
    stretches.push(stretch);
    from = stretch.until;
  }
}

test('a route around others has what is before, between and behind them', () => {
  const found = stretchesBelow(tableOf('/', '/b', '/b/c', '/e'), '/');
  expect(found.map(({ route, from, until }) => [route?.at, from, until])).toEqual([
    ['/', '/', '/b/'],
    ['/b', '/b/', '/b/c/'],
    ['/b/c', '/b/c/', '/b/c0'],
    ['/b', '/b/c0', '/b0'],
    ['/', '/b0', '/e/'],
    ['/e', '/e/', '/e0'],
    ['/', '/e0', '0'],
  ]);
});

test('whatever the routes are, each stretch is all of the route that a path in it belongs to', () => {
  fc.assert(
    fc.property(fc.uniqueArray(directory, { maxLength: 8 }), directory, (places, below) => {
      const routes = tableOf(...places);
      const { from, below: end } = rangeBelow(below);
      let at = from;
      for (const stretch of stretchesBelow(routes, below)) {
        expect(stretch.from).toBe(at);
        expect(compareCodePoints(stretch.until, at)).toBeGreaterThan(0);
        at = stretch.until;
        // The first and one of the last texts that are in it and could be paths.
        for (const text of [
          `${stretch.from.replace(/[0/]$/, '')}/x`,
          stretch.from.endsWith('/') ? `${stretch.from}x` : '',
        ]) {
          const isIn = compareCodePoints(text, stretch.from) >= 0 && compareCodePoints(text, stretch.until) < 0;
          if (text !== '' && isIn) expect(routes.find(text as VirtualPath)).toBe(stretch.route);
        }
      }
      expect(at).toBe(end);
    }),
    { numRuns: 300 },
  );
});
