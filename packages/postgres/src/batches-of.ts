import type { WriteGroup } from '@holdfast/sql';

/** Groups in batches in which no path is named twice: each group in the first behind all that name one of its paths. */
export function batchesOf(groups: readonly WriteGroup[]): readonly (readonly WriteGroup[])[] {
  const batches: WriteGroup[][] = [];
  const next = new Map<string, number>();
  for (const group of groups) {
    const number = Math.max(...group.map(({ path }) => next.get(path) ?? 0));
    (batches[number] ??= []).push(group);
    for (const { path } of group) next.set(path, number + 1);
  }
  return batches;
}
