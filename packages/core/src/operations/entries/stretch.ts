import { compareCodePoints } from '../../paths/code-points.ts';
import { rangeBelow } from '../../paths/path-range.ts';
import type { DirectoryPath } from '../../paths/virtual-path.ts';
import type { Route } from '../../routing/route.ts';
import type { RouteTable } from '../../routing/route-table.ts';

/** A part of what is below a directory, in code point order, that is all of one route. */
export interface Stretch {
  /** `undefined` where there is none. */
  readonly route: Route | undefined;
  /** The directory that was asked for or, if that is deeper, the one in which the route begins. */
  readonly directory: DirectoryPath;
  readonly from: string;
  /** Where the next one begins. */
  readonly until: string;
}

/** The stretch of what is below a directory that begins at a position; `undefined` behind the last. */
export function stretchAt(routes: RouteTable, directory: DirectoryPath, from: string): Stretch | undefined {
  const whole = rangeBelow(directory);
  if (!isBefore(from, whole.below)) return undefined;
  let stretch: Stretch = { route: routes.find(directory), directory, from, until: whole.below };
  // In order, so that each lies in what was found, or behind it.
  for (const route of routes.below(directory)) {
    const range = rangeBelow(route.at);
    if (isBefore(from, range.from)) {
      if (isBefore(range.from, stretch.until)) stretch = { ...stretch, until: range.from };
      break;
    }
    if (isBefore(from, range.below)) stretch = { route, directory: route.at, from, until: range.below };
  }
  return stretch;
}

function isBefore(one: string, other: string): boolean {
  return compareCodePoints(one, other) < 0;
}
