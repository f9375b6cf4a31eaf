import { expect, test, vi } from 'vitest';
import { clock } from './clock.ts';
import { EventLoopShare } from './event-loop-share.ts';

/** A share whose time and turns come when they are told to. */
function started() {
  let now = 0;
  const turns: (() => void)[] = [];
  vi.spyOn(clock, 'now').mockImplementation(() => now);
  vi.spyOn(clock, 'nextTurn').mockImplementation(() => new Promise((resolve) => turns.push(resolve)));
  const share = new EventLoopShare();
  return {
    share,
    turns,
    pass: (milliseconds: number) => void (now += milliseconds),
    turn: async () => {
      for (const resolve of turns.splice(0)) resolve();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

const due = (share: EventLoopShare): readonly boolean[] =>
  [false, true].map((reads) => share.due({ reads }) !== undefined);

test('nobody waits while the slice lasts, and then all do until a turn has come, those who read last', async () => {
  const { share, turns, pass, turn } = started();
  expect(due(share)).toEqual([false, false]);
  pass(3.9);
  expect(due(share)).toEqual([false, false]);
  pass(0.1);
  expect(due(share)).toEqual([true, false]);
  pass(4);
  expect(due(share)).toEqual([true, true]);
  const waiting = share.due({ reads: false });
  await turn();
  await waiting;
  expect(due(share)).toEqual([false, false]);
  expect(turns).toHaveLength(1);
});

test('a turn that never comes, as of a clock that was faked, keeps nobody who comes later', async () => {
  const { share, turns, pass, turn } = started();
  expect(due(share)).toEqual([false, false]);
  turns.length = 0;
  pass(1000);
  const waiting = share.due({ reads: false });
  await turn();
  await waiting;
  expect(due(share)).toEqual([false, false]);
});

test('where turns come by themselves nobody waits, however late', async () => {
  const { share, turns, pass, turn } = started();
  for (let slice = 0; slice < 5; slice += 1) {
    expect(due(share)).toEqual([false, false]);
    await turn();
    pass(1000);
  }
  expect(turns).toEqual([]);
});

test('a clock that was hours ahead, as one that a test fakes, leaves nothing behind', () => {
  const { share, pass } = started();
  pass(3_600_000);
  expect(due(share)).toEqual([false, false]);
  pass(-3_600_000);
  // No turn has come since, so whoever asks waits for one.
  expect(share.due({ reads: false })).toBeDefined();
});
