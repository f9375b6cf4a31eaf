import { HoldfastError } from '../errors/holdfast-error.ts';
import { overlap, type Region } from '../filesystem/region.ts';
import { routeRegions } from '../routing/route-regions.ts';
import type { RouteTable } from '../routing/route-table.ts';

/**
 * Refuses mounts by which a table would have the same entries of a store at two paths.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, with both places in the message
 */
export function refuseAliases(routes: RouteTable): void {
  const byStore = new Map<Region['store'], { readonly at: string; readonly region: Region }[]>();
  for (const route of routes.all) {
    for (const region of routeRegions(route, routes)) {
      const others = byStore.get(region.store) ?? [];
      const alias = others.find((other) => other.at !== route.at && overlap(other.region, region));
      if (alias !== undefined) throw twice(alias.at, route.at);
      byStore.set(region.store, [...others, { at: route.at, region }]);
    }
  }
}

function twice(one: string, other: string): HoldfastError {
  return new HoldfastError(
    'INVALID_ARGUMENT',
    `the mounts at ${one} and ${other} have the same entries of one store; ` +
      'give each a directory of its own, with withPrefix(filesystem, directory)',
  );
}
