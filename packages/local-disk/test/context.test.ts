import { requests } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { MAX_UNDER_WAY } from '../src/turns.ts';
import { intercept } from './support/intercept.ts';
import { openIn } from './support/open-in.ts';
import { makeScratch } from './support/scratch.ts';

const CALLS = 200;

test('every system call is made in the async context of its operation, also of those that wait for their turn', async () => {
  expect(CALLS).toBeGreaterThan(MAX_UNDER_WAY);
  const { all, saw, misplaced } = requests();
  await using scratch = await makeScratch();
  const calls = intercept(async (name, real, args) => {
    const path = args.find((it) => typeof it === 'string');
    saw(name, path);
    const answer = await real();
    saw(`what follows ${name}`, path);
    return answer;
  });
  await using store = await openIn(scratch, { calls });
  await all(CALLS, async (path) => {
    await store.put(path, { body: new Uint8Array(9) }, 'absent');
    await store.get(path);
    await store.list(path);
    await store.delete(path, 'any');
    saw('what comes after', path);
  });
  expect(misplaced).toEqual([]);
});
