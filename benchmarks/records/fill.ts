import { commit, type RootFilesystem, type VersionedCapabilities } from '@holdfast/core';
import { COUNTERS, FIRST, keyOf } from './counter.ts';

/** How many changes one commit has, which every adapter takes. */
const CHANGES = 1000;

/** Puts so many records into a store, under the keys of `keyOf` or those that another function gives. */
export async function fill(
  filesystem: RootFilesystem<VersionedCapabilities>,
  records: number,
  pathOf: (number: number) => string = keyOf,
): Promise<void> {
  const entry = await COUNTERS.encode(FIRST);
  for (let first = 0; first < records; first += CHANGES) {
    const numbers = Array.from({ length: Math.min(CHANGES, records - first) }, (_, n) => first + n);
    await commit(
      filesystem,
      numbers.map((number) => ({ put: pathOf(number), entry, expectation: 'any' })),
    );
  }
}
