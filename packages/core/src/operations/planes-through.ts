import type { Capabilities } from '../capabilities/capabilities.ts';
import { WITHOUT_PLANES } from '../capabilities/commit-limits.ts';
import { Performer } from './performer.ts';

/**
 * What has to be taken from the claims of a filesystem by whoever passes operations on to it: the planes, where it is one
 * that knows the five methods only. `undefined` when nothing has.
 */
export function planesThrough(filesystem: object, claimed: Capabilities): Partial<Capabilities> | undefined {
  const { planes, maxCommitChanges, maxCommitBytes } = claimed as Partial<Capabilities>;
  const none = Array.isArray(planes) && planes.length === 0 && !maxCommitChanges && !maxCommitBytes;
  return none || Performer.takesPlanes(filesystem) ? undefined : WITHOUT_PLANES;
}
