import type { WriteGroup } from '@holdfast/sql';

/** The places of groups, in batches in which no path is named twice: each in the first behind all that name one of its paths. */
export function batchesOf(groups: readonly WriteGroup[]): readonly (readonly number[])[] {
  const batches: number[][] = [];
  const next = new Map<string, number>();
  for (const [place, group] of groups.entries()) {
    const number = Math.max(...group.map(({ path }) => next.get(path) ?? 0));
    (batches[number] ??= []).push(place);
    for (const { path } of group) next.set(path, number + 1);
  }
  return batches;
}
