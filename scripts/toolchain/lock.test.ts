import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { withLock } from './lock.mjs';

test('work under one name never overlaps', async () => {
  using folder = temporaryFolder();
  vi.spyOn(console, 'error').mockReturnValue();
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock('work', work, folder.path)));
  expect(most).toBe(1);
});

test('the lock is given back when the work fails, and its error is the caller’s', async () => {
  using folder = temporaryFolder();
  const error = new Error('no');
  await expect(withLock('work', () => Promise.reject(error), folder.path)).rejects.toBe(error);
  expect(existsSync(join(folder.path, 'work.lock'))).toBe(false);
});

test('a lock that its holder left behind is taken over', async () => {
  using folder = temporaryFolder();
  vi.spyOn(console, 'error').mockReturnValue();
  const file = join(folder.path, 'work.lock');
  writeFileSync(file, '');
  const aMinuteAgo = new Date(Date.now() - 60_000);
  utimesSync(file, aMinuteAgo, aMinuteAgo);
  await expect(withLock('work', () => Promise.resolve('done'), folder.path)).resolves.toBe('done');
});
