import { openMemory } from '@holdfast/memory';
import type { OurStore } from './our-store.ts';

/** A store in memory. */
export async function ourMemory(): Promise<OurStore> {
  const filesystem = openMemory();
  return { name: '@holdfast/memory', filesystem, [Symbol.asyncDispose]: () => filesystem.close() };
}
