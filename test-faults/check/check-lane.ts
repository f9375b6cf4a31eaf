import type { RootFilesystem } from '@holdfast/core';
import { readSlots } from './read-slots.ts';
import type { Told } from './told.ts';

/** What is wrong with a store, in words. Each has to be empty. */
export interface Problems {
  readonly lost: string[];
  /** There, but of no write that was begun, or of one that was known not to be applied. */
  readonly fromNowhere: string[];
  readonly half: string[];
  readonly torn: string[];
}

/** Compares all that the writers of a lane were told with what is there. */
export async function checkLane(
  store: RootFilesystem,
  { prefix, lane, told }: { readonly prefix: string; readonly lane: number; readonly told: Told },
  problems: Problems,
): Promise<void> {
  const { slots, torn, half } = await readSlots(store, prefix, lane);
  problems.torn.push(...torn);
  problems.half.push(...half);
  for (const slot of new Set([...slots.keys(), ...told.slots])) {
    const found = slots.get(slot);
    const wrong = told.settle(slot, found);
    const seen = `${prefix}/${slot}: ${JSON.stringify(found)}`;
    if (wrong === 'lost') problems.lost.push(seen);
    else if (wrong !== undefined) problems.fromNowhere.push(seen);
  }
}
