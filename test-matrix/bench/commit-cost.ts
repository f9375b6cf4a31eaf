import { commit, type Change, type Version, type VersionedCapabilities, type RootFilesystem } from '@holdfast/core';
import { median } from './in-turn.ts';

/** How many changes the large commit has. */
export const CHANGES = 100;

/** What a commit costs, in milliseconds, each the median of as many rounds. */
export interface CommitCost {
  readonly put: number;
  readonly commitOfOne: number;
  readonly commitOfMany: number;
  /** The commit of {@link CHANGES} changes against one put. */
  readonly ratio: number;
}

const entry = { body: new Uint8Array(200).fill(7) };

/**
 * Measures one put, a commit of one put and one of a hundred that replace entries whose versions are expected, in turn in
 * one run, so that whatever else the machine does meets all of them.
 */
export async function measureCommits(
  filesystem: RootFilesystem<VersionedCapabilities>,
  rounds: number,
): Promise<CommitCost> {
  const taken: Record<'put' | 'one' | 'many', number[]> = { put: [], one: [], many: [] };
  const timed = async <T>(what: keyof typeof taken, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    taken[what].push(performance.now() - began);
    return result;
  };
  let version: Version | undefined;
  const many = (): readonly Change[] =>
    Array.from({ length: CHANGES }, (_, n) => ({
      put: `/many/${n}`,
      entry,
      expectation: version === undefined ? 'absent' : { version },
    }));
  const warmUp = Math.ceil(rounds / 5);
  for (let round = -warmUp; round < rounds; round += 1) {
    if (round === 0) for (const all of Object.values(taken)) all.length = 0;
    await timed('put', () => filesystem.put('/put', entry, 'any'));
    await timed('one', () => commit(filesystem, [{ put: '/one', entry, expectation: 'any' }]));
    const changes = many();
    version = (await timed('many', () => commit(filesystem, changes))).version;
  }
  const [put, commitOfOne, commitOfMany] = [taken.put, taken.one, taken.many].map(median) as [number, number, number];
  return { put, commitOfOne, commitOfMany, ratio: commitOfMany / put };
}
