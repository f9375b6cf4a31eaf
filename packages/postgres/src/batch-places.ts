import { compareCodePoints } from '@holdfast/core/adapter';
import type { GroupMember, WriteGroup } from '@holdfast/sql';

/** A member of a batch, where it was in its group, and where that was in the batch. */
export interface BatchPlace {
  readonly member: GroupMember;
  readonly place: number;
  readonly group: number;
  /** Whether an absence is to be kept as it is: others in its group depend on it. */
  readonly keepsAbsent: boolean;
}

/** All members of a batch, in the order in which everybody locks: that of their paths. */
export function placesOf(batch: readonly WriteGroup[]): readonly BatchPlace[] {
  const places: BatchPlace[] = [];
  for (const [group, members] of batch.entries()) {
    const keepsAbsent = members.length > 1;
    for (const [place, member] of members.entries()) places.push({ member, place, group, keepsAbsent });
  }
  return places.toSorted((a, b) => compareCodePoints(a.member.path, b.member.path));
}

/** Whether it could be that nothing is at its path, and that nothing is to be there until the end. */
export function needsPlaceholder({ member: { change, expects }, keepsAbsent }: BatchPlace): boolean {
  return keepsAbsent && change !== 'put' && expects?.version === undefined;
}
