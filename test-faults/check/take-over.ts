import { CasApply, casUpdate, type RootFilesystem } from '@holdfast/core';
import { HOT, hots } from '../load/updates.ts';

/**
 * Writes, all at once, wherever a process that is gone may have been writing.
 *
 * @returns how long the last of them took, in milliseconds
 * @throws when one is not done by the deadline
 */
export async function takeOver(
  store: RootFilesystem,
  {
    prefix,
    slots,
    timeoutMs,
  }: { readonly prefix: string; readonly slots: Iterable<string>; readonly timeoutMs: number },
): Promise<number> {
  const began = performance.now();
  const paths = [...slots].map((slot) => (slot.startsWith('commits/') ? `${slot}/0` : slot));
  const body = new Uint8Array(10);
  await Promise.all([
    ...paths.map((path) => store.put(`${prefix}/${path}`, { body }, 'any', { timeoutMs })),
    // What is there stays: others add to it.
    casUpdate(store, `${prefix}/${HOT}`, hots, (hot = { count: 0, bySlot: {} }) => CasApply.forceWrite(hot), {
      timeoutMs,
    }),
  ]);
  return performance.now() - began;
}
