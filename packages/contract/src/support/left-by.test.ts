import { clock } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import { leftBy } from './left-by.ts';

const NOTHING = { timers: 0, listeners: [] };

test('a timer that keeps the process alive is left, and one that was cleared, has fired or does not is none', async () => {
  let left: NodeJS.Timeout | undefined;
  const started = leftBy(async () => {
    await Promise.resolve();
    left = setInterval(() => {}, 60_000);
    clearTimeout(setTimeout(() => {}, 60_000));
    setTimeout(() => {}, 60_000).unref();
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  });
  await expect(started).resolves.toEqual({ timers: 1, listeners: [] });
  clearInterval(left);
});

test('one that is cleared a moment later kept nobody', async () => {
  const work = async (): Promise<void> => {
    const timer = setTimeout(() => {}, 60_000);
    setTimeout(() => clearTimeout(timer), 20).unref();
  };
  await expect(leftBy(work)).resolves.toEqual(NOTHING);
});

test('a listener on the process is left, and one that was taken away is none', async () => {
  const [left, gone] = [() => {}, () => {}];
  const started = leftBy(async () => {
    process.once('beforeExit', left);
    process.once('exit', gone);
    await clock.nextTurn();
    process.off('exit', gone);
  });
  await expect(started).resolves.toEqual({ timers: 0, listeners: ['beforeExit'] });
  process.off('beforeExit', left);
});

test('the timers and listeners of what runs beside it are none of its', async () => {
  const beside: NodeJS.Timeout[] = [];
  const listener = (): void => {};
  const other = (async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      beside.push(setTimeout(() => {}, 60_000));
      process.on('exit', listener);
      await clock.nextTurn();
    }
  })();
  await expect(leftBy(() => clock.nextTurn())).resolves.toEqual(NOTHING);
  await other;
  for (const timer of beside) {
    clearTimeout(timer);
    process.off('exit', listener);
  }
});
