import type { VirtualPath } from '../../paths/virtual-path.ts';
import type { Permission } from '../../routing/route.ts';
import type { Touch } from '../operation-kind.ts';

const PERMISSIONS: readonly Permission[] = ['read'];

/** What a `getMany` has to do with one of its paths. */
export function readAt(path: VirtualPath): Touch {
  return { path, permissions: PERMISSIONS };
}
