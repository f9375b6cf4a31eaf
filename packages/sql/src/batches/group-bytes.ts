import type { WriteGroup } from '../group.ts';

/** How long what a group writes is, in bytes, by and large: its bodies, what they are indexed by, its paths. */
export function groupBytes(group: WriteGroup): number {
  let bytes = 0;
  for (const member of group) {
    bytes += member.path.length;
    if (member.change !== 'put' || member.row === undefined) continue;
    bytes += member.row.body.byteLength + (member.row.indexed?.length ?? 0);
  }
  return bytes;
}
