import { clock } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import { timersLeftBy } from './timers-left-by.ts';

test('a timer that keeps the process alive is left, and one that was cleared, has fired or does not is none', async () => {
  let left: NodeJS.Timeout | undefined;
  const started = timersLeftBy(async () => {
    await Promise.resolve();
    left = setInterval(() => {}, 60_000);
    clearTimeout(setTimeout(() => {}, 60_000));
    setTimeout(() => {}, 60_000).unref();
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  });
  await expect(started).resolves.toBe(1);
  clearInterval(left);
});

test('one that is cleared a moment later kept nobody', async () => {
  const work = async (): Promise<void> => {
    const timer = setTimeout(() => {}, 60_000);
    setTimeout(() => clearTimeout(timer), 20).unref();
  };
  await expect(timersLeftBy(work)).resolves.toBe(0);
});

test('the timers of what runs beside it are none of its', async () => {
  const beside: NodeJS.Timeout[] = [];
  const other = (async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      beside.push(setTimeout(() => {}, 60_000));
      await clock.nextTurn();
    }
  })();
  await expect(timersLeftBy(() => clock.nextTurn())).resolves.toBe(0);
  await other;
  for (const timer of beside) clearTimeout(timer);
});
