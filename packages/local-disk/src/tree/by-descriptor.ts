import type { Containment, Place } from './containment.ts';

/**
 * Linux: what `openat` would do. `/proc/self/fd/<n>` is the open directory itself, so `/proc/self/fd/<n>/name`
 * reaches into it whatever happens to the path meanwhile; and its link text is the path the kernel knows the
 * directory by, in which no symbolic link can be.
 */
export const BY_DESCRIPTOR: Containment = {
  kind: 'descriptor',
  reach: descriptorPath,
  holds: async (calls, place) => (await calls.readlink(descriptorPath(place))) === place.host,
  held: () => Promise.resolve(true),
  heldFile: () => Promise.resolve(true),
};

function descriptorPath({ handle }: Place): string {
  return `/proc/self/fd/${handle.fd}`;
}
