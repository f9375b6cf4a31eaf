import { followGlobals } from '@holdfast/test-support';
import { beforeEach, expect, test, vi } from 'vitest';
import { OpenDeadline } from './open-deadline.ts';

beforeEach(followGlobals);

test('it fires with a reason that says that nothing was applied, unless it is disposed of', () => {
  vi.useFakeTimers();
  try {
    const passed = new OpenDeadline(100);
    const disposed = new OpenDeadline(100);
    disposed[Symbol.dispose]();
    vi.advanceTimersByTime(99);
    expect([passed.signal.aborted, passed.remainingMs()]).toEqual([false, 1]);
    vi.advanceTimersByTime(1);
    expect(passed.signal.reason).toMatchObject({ code: 'TIMEOUT', outcome: 'not-applied' });
    expect([disposed.signal.aborted, passed.remainingMs(), vi.getTimerCount()]).toEqual([false, 0, 0]);
  } finally {
    vi.useRealTimers();
  }
});
