import { casUpdate, CasApply, jsonCodec } from '@holdfast/core';
import { startChildren } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { makeScratch } from './support/scratch.ts';

const counting = new URL('children/count.ts', import.meta.url);
const counters = jsonCodec<{ count: number }>({ kind: 'counter' });

interface Counted {
  readonly attempts: readonly number[];
  readonly failures: readonly string[];
}

/** Lets processes add to one counter at once; gives its value and how many attempts each update took. */
async function storm(processes: number, writers: number, updates: number, kind: 'quick' | 'slow') {
  await using scratch = await makeScratch();
  const children = await startChildren(processes, counting, scratch.file, writers, updates, kind);
  const told = (await Promise.all(children.map((child) => child.tell()))) as Counted[];
  await using store = await openSqlite({ file: scratch.file });
  const { snapshot } = await casUpdate(store, '/hot', counters, () => CasApply.noOp());
  const attempts = told.flatMap((it) => it.attempts);
  const mean = attempts.reduce((sum, count) => sum + count, 0) / attempts.length;
  return { count: snapshot?.count, failures: told.flatMap((it) => it.failures), most: Math.max(...attempts), mean };
}

// A commit takes 0.2 ms on an idle machine and many times as long on one that runs every other test as well.
const updates = process.env['HOLDFAST_LONG'] === '1' ? 250 : 10;

test(`4 processes with 32 writers each make ${updates} updates each of one key: none is lost and none fails`, async () => {
  const { count, failures, mean } = await storm(4, 32, updates, 'quick');
  expect(failures).toEqual([]);
  expect(count).toBe(4 * 32 * updates);
  // Two attempts are one race lost for each won. Far more would mean that the retries collide.
  expect(mean).toBeLessThan(5);
});

test('the same holds when others get their turn between the read and the write', async () => {
  const { count, failures, mean } = await storm(4, 32, updates / 5, 'slow');
  expect(failures).toEqual([]);
  expect(count).toBe((4 * 32 * updates) / 5);
  expect(mean).toBeLessThan(5);
});
