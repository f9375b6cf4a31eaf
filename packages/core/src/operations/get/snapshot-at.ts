import type { Snapshot } from '../../entries/entry.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';

/** What is read, at another path, and nothing else that a filesystem may have put beside it. */
export function snapshotAt<S extends Snapshot>(path: VirtualPath, { body, contentType, kind, indexed, version }: S): S {
  return { path, body, contentType, kind, indexed, version } as S;
}
