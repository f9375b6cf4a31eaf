import { regionAt, regionBelow, regionBeside, type Region } from '../filesystem/region.ts';
import { Performer } from '../operations/performer.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './route-table.ts';

/** Where what one route of a table shows is: not what deeper routes hide, and nothing if it permits nothing. */
export function routeRegions(route: Route, routes: RouteTable): readonly Region[] {
  if (route.permissions.size === 0) return [];
  const deeper = routes.below(route.at);
  return Performer.regionsOf(route.filesystem).flatMap((region) => {
    const inside = regionBelow(region, route.to);
    let shown = inside && regionAt(inside, route.at);
    for (const { at } of deeper) shown &&= regionBeside(shown, at);
    return shown ?? [];
  });
}
