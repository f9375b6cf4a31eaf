// Waits to be told to start, then works on the root it is given.
import { isHoldfastError } from '@holdfast/core';
import { say, sayAndWait } from '@holdfast/test-support';
import { openLocalDisk } from '../../src/open-local-disk.ts';

const [job, root = '', name = ''] = process.argv.slice(2);
const disk = await openLocalDisk({ root });
const body = new TextEncoder().encode(name);

/** Tries to create every path; says how many it won. */
async function race(): Promise<number> {
  let won = 0;
  for (let path = 0; path < 200; path += 1) {
    try {
      await disk.put(`/raced/${path % 7}/${path}`, { body }, 'absent');
      won += 1;
    } catch (error) {
      if (!isHoldfastError(error, 'VERSION_MISMATCH')) throw error;
    }
  }
  return won;
}

/** Puts and deletes in one directory, so that it is made and pruned all the time. */
async function churn(): Promise<number> {
  const rounds = 150;
  await Promise.all(
    [0, 1, 2, 3].map(async (lane) => {
      for (let round = 0; round < rounds; round += 1) {
        const path = `/churned/dir/${name}-${lane}`;
        await disk.put(path, { body }, 'any');
        const { deleted } = await disk.delete(path, 'any');
        if (!deleted) throw new Error('somebody else deleted it');
      }
    }),
  );
  return rounds;
}

/** Replaces a large body with another, forever; ends by being killed. */
async function replace(): Promise<never> {
  for (let fill = 0; ; fill = (fill + 1) % 256) {
    const large = new Uint8Array(1024 * 1024).fill(fill);
    await disk.put('/replaced/body', { body: large }, 'any');
    await disk.put(`/replaced/new-${fill}`, { body: large }, 'absent').catch(() => {});
  }
}

const jobs: Record<string, () => Promise<number>> = { race, churn, replace };
await sayAndWait('ready');
await say(await (jobs[job ?? ''] ?? race)());
process.disconnect();
