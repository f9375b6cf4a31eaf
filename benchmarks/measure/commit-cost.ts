import { commit, type Change, type RootFilesystem, type Version, type VersionedCapabilities } from '@holdfast/core';
import { alternate, type Rounds } from './alternate.ts';
import type { Effort } from './effort.ts';

/** How many changes the large commit has. */
export const CHANGES = 100;

const entry = { body: new Uint8Array(200).fill(7) };

/**
 * What one put, a commit of one put and one of a hundred that replace entries whose versions are expected cost, in
 * milliseconds, each a round by itself.
 */
export async function measureCommits(
  filesystem: RootFilesystem<VersionedCapabilities>,
  effort: Effort,
): Promise<Rounds<'put' | 'one' | 'many'>> {
  let version: Version | undefined;
  const many = (): readonly Change[] =>
    Array.from({ length: CHANGES }, (_, n) => ({
      put: `/many/${n}`,
      entry,
      expectation: version === undefined ? 'absent' : { version },
    }));
  return alternate(
    {
      put: () => timed(() => filesystem.put('/put', entry, 'any')),
      one: () => timed(() => commit(filesystem, [{ put: '/one', entry, expectation: 'any' }])),
      async many() {
        const changes = many();
        return timed(async () => {
          ({ version } = await commit(filesystem, changes));
        });
      },
    },
    effort,
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
