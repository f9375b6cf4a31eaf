import type { Capabilities } from '../capabilities/capabilities.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parseFilesystem } from '../routing/parse-attachment.ts';
import { Route } from '../routing/route.ts';
import { RouteTable } from '../routing/route-table.ts';
import { RoutedFilesystem } from '../routing/routed-filesystem.ts';

/**
 * A filesystem that can be read and listed. `put` and `delete` of a path, and a commit of either, are refused with
 * `ACCESS_DENIED` before the filesystem below is asked anything, whatever the other arguments; so is a `casUpdate` or `transact` that decides to change
 * something.
 * Capabilities stay those of the backend. Costs no round trip. Closing it closes the filesystem below.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function withReadOnly<C extends Capabilities>(filesystem: RootFilesystem<C>): RootFilesystem<C> {
  const inner = parseFilesystem('filesystem', filesystem);
  return new RoutedFilesystem<C>({
    routes: RouteTable.of([
      new Route({ at: '/', filesystem: inner, to: '/', permissions: new Set(['read', 'list'] as const) }),
    ]),
    showCauses: true,
    release: () => inner.close(),
  });
}
