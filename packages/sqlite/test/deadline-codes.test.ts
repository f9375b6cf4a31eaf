import { skewedClock, type SkewedClock } from '@holdfast/test-support';
import { beforeEach, expect, test, vi } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { openRaw } from './support/raw-database.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const DEADLINE_MS = 100;
const entry = { body: new Uint8Array([1]) };

let skewed: SkewedClock;
beforeEach(() => {
  skewed = skewedClock();
  return () => {
    vi.useRealTimers();
    skewed.undo();
  };
});

test.each([-0.9, 0, 0.9, 40])(
  'a lock that is held for as long as the deadline costs that, with the clock %d ms ahead of the timers',
  async (ms) => {
    await using scratch = await makeScratch();
    await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: DEADLINE_MS });
    using holder = await openRaw(scratch.file);
    holder.prepare('begin immediate').run();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const put = (path: string): Promise<unknown> => refusal(store.put(path, entry, 'any', { timeoutMs: DEADLINE_MS }));
    const ended = Promise.all(['/a', '/b', '/c'].map(put));
    let over = false;
    void ended.then(() => (over = true));
    while (!over) {
      skewed.ahead = performance.now() > DEADLINE_MS / 2 ? ms : 0;
      await vi.advanceTimersByTimeAsync(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    vi.useRealTimers();
    expect(await ended).toEqual(Array(3).fill('TIMEOUT not-applied'));
    holder.prepare('rollback').run();
  },
);
