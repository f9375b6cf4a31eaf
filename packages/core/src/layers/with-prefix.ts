import type { Capabilities } from '../capabilities/capabilities.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parseAttachment, parseFilesystem } from '../routing/parse-attachment.ts';
import { EVERY_PERMISSION, Route } from '../routing/route.ts';
import { RouteTable } from '../routing/route-table.ts';
import { RoutedFilesystem } from '../routing/routed-filesystem.ts';

/**
 * The content of one directory as a filesystem of its own: `/a` is `/a` below the prefix. Paths may be so much shorter
 * (`maxPathBytes`). Unlike a scoped view it closes the filesystem below, and its errors keep the driver's as `cause`.
 * Costs no round trip.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, `INVALID_PATH`
 */
export function withPrefix<C extends Capabilities>(filesystem: RootFilesystem<C>, prefix: string): RootFilesystem<C> {
  const inner = parseFilesystem('filesystem', filesystem);
  const to = parseAttachment('prefix', prefix);
  return new RoutedFilesystem<C>({
    routes: RouteTable.of([new Route({ at: '/', filesystem: inner, to, permissions: EVERY_PERMISSION })]),
    showCauses: true,
    release: () => inner.close(),
  });
}
