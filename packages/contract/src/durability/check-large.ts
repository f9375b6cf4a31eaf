import type { RootFilesystem } from '@holdfast/core';
import { tagOf } from '../history/tagged-body.ts';
import { check } from '../support/check.ts';
import { firstPaths, pathsAtOnce, type LargeWritesPlan } from './write-large.ts';

/**
 * Checks that every large body that was acknowledged is there, and that all others are there whole or not at all; gives the
 * paths that have one.
 */
export async function checkLarge(
  filesystem: RootFilesystem,
  plan: LargeWritesPlan,
  acknowledged: number,
): Promise<string[]> {
  const acknowledgedPaths = new Set(firstPaths(plan).slice(0, acknowledged));
  const left: string[] = [];
  for (const path of [...firstPaths(plan), ...pathsAtOnce(plan)]) {
    const found = await filesystem.get(path);
    check(found !== undefined || !acknowledgedPaths.has(path), `the acknowledged entry at ${path}`);
    if (found === undefined) continue;
    const isWhole = found.body.length === plan.length && tagOf(found.body) !== undefined;
    check(isWhole, `a whole body at ${path}, of ${plan.length} bytes`);
    left.push(path);
  }
  return left;
}
