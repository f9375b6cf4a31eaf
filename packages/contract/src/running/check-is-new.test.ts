import { openMemory } from '@holdfast/memory';
import { expect, test } from 'vitest';
import { injectFaults } from '../faults/inject-faults.ts';
import type { Harness } from '../harness.ts';
import { checkIsNew } from './check-is-new.ts';
import { runContract } from './run-contract.ts';

/** The reasons why scenarios of a harness fail. */
async function reasonsOf(createStore: Harness['createStore']): Promise<(string | undefined)[]> {
  const options = { effort: 'quick', only: ['bytes.every-value', 'bytes.empty'] } as const;
  const { scenarios } = await runContract({ name: 'x', createStore }, options);
  return scenarios.map(({ reason }) => reason);
}

test('a harness that gives a store of before is told so', async () => {
  const one = openMemory();
  // Never closed, so that what one scenario has written is there in the next.
  Object.assign(one, { close: async () => {} });
  const store = { open: async () => one, destroy: async () => {} };
  const [first, second] = await reasonsOf(async () => store);
  expect(first).toBeUndefined();
  expect(second).toMatch(/createStore gave a store that is not new: \/\S+ is in it\. It has to make an empty one/);
});

test('a harness that gives a filesystem which was closed is told so', async () => {
  const one = openMemory();
  const reasons = await reasonsOf(async () => ({ open: async () => one, destroy: async () => {} }));
  for (const reason of reasons) expect(reason).toContain('open of the store gave a filesystem that was closed before');
});

test('whatever else a store does when it is looked at is left to the scenarios', async () => {
  const broken = openMemory();
  injectFaults(broken).add({ on: 'scan', when: 'before', effect: () => Promise.reject(new Error('broken')) });
  await expect(checkIsNew(broken)).resolves.toBeUndefined();
  const invents = openMemory();
  const entry = { path: '/invented', version: undefined, body: new Uint8Array(), contentType: 'a/b' };
  Object.assign(invents, { entries: () => [entry][Symbol.iterator]() });
  await expect(checkIsNew(invents)).resolves.toBeUndefined();
});
