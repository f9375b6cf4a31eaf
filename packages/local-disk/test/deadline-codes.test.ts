import { skewedClock } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { intercept, systemError } from './support/intercept.ts';
import { openIn } from './support/open-in.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

test('a system call that fails for a passing reason when the deadline has passed is no BUSY', async () => {
  await using scratch = await makeScratch();
  const skewed = skewedClock();
  try {
    let late = false;
    const calls = intercept((name, real) => {
      if (!late || name !== 'open') return real();
      // The clock is past the deadline, and its timer has not fired.
      skewed.ahead += 120_000;
      return Promise.reject(systemError('EMFILE'));
    });
    await using store = await openIn(scratch, { calls });
    await store.put('/a/b', { body: new Uint8Array(1) }, 'absent');
    late = true;
    const options = { timeoutMs: 60_000 };
    expect(await refusal(store.get('/a/b', options))).toBe('TIMEOUT');
    expect(await refusal(store.put('/a/b', { body: new Uint8Array(1) }, 'any', options))).toBe('TIMEOUT not-applied');
    expect(await refusal(store.list('/a', options))).toBe('TIMEOUT');
    late = false;
  } finally {
    skewed.undo();
  }
});
