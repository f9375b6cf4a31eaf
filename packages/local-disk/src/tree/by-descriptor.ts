import type { FileCalls } from '../calls/file-calls.ts';
import type { Containment, Place } from './containment.ts';
import { isBelowRoot } from './root.ts';

/**
 * Linux: what `openat` would do. `/proc/self/fd/<n>` is the open directory itself, so `/proc/self/fd/<n>/name`
 * reaches into it whatever happens to the path meanwhile; and its link text is the path the kernel knows the
 * directory by, in which no symbolic link can be.
 */
export const BY_DESCRIPTOR: Containment = {
  kind: 'descriptor',
  reach: descriptorPath,
  holds,
  held: () => Promise.resolve(true),
  heldFile: () => Promise.resolve(true),
};

async function holds(calls: FileCalls, place: Place): Promise<boolean> {
  const reach = descriptorPath(place);
  const [at, belowRoot] = await Promise.all([calls.readlink(reach), isBelowRoot(calls, place, reach)]);
  return at === place.host && belowRoot;
}

function descriptorPath({ handle }: Place): string {
  return `/proc/self/fd/${handle.fd}`;
}
