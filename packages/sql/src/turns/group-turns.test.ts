import { followGlobals } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GroupTurns } from './group-turns.ts';

beforeEach(() => {
  followGlobals();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;

/** Who has lost at some places, and whether and when they came to their turn. */
function makeLosers(turns: GroupTurns) {
  const entered: string[] = [];
  const come = (name: string, places: string, signal = never) => {
    const caller = {};
    turns.lost(caller, places);
    expect(turns.expects(caller)).toBe(true);
    const turn = turns.enter(caller, 2000, signal);
    void turn.then((has) => entered.push(has ? name : `${name} without`));
    return caller;
  };
  const seen = async (): Promise<readonly string[]> => {
    await vi.advanceTimersByTimeAsync(0);
    return entered.splice(0);
  };
  return { come, seen };
}

test('who has lost is expected back once, soon, and nobody else is', () => {
  const turns = new GroupTurns();
  const [loser, late] = [{}, {}];
  turns.lost(late, ['a']);
  vi.advanceTimersByTime(101);
  turns.lost(loser, ['a']);
  expect([turns.expects(loser), turns.expects(late), turns.expects({})]).toEqual([true, false, false]);
});

test('those whose places meet come one after the other, in order, and the others at once', async () => {
  const turns = new GroupTurns();
  const { come, seen } = makeLosers(turns);
  const first = come('first', 'ab');
  const second = come('second', 'bc');
  const third = come('third', 'cd');
  come('elsewhere', 'xy');
  // The third meets nobody who has a turn, but would overtake the second.
  expect(await seen()).toEqual(['first', 'elsewhere']);
  turns.hasWritten(first);
  expect(await seen()).toEqual(['second']);
  turns.hasWritten(second);
  expect(await seen()).toEqual(['third']);
  turns.hasWritten(third);
});

test('nobody holds a place while they wait for another', async () => {
  const turns = new GroupTurns();
  const { come, seen } = makeLosers(turns);
  come('first', 'a');
  const stopped = new AbortController();
  come('waits for a', 'ab', stopped.signal);
  expect(await seen()).toEqual(['first']);
  come('behind', 'b');
  expect(await seen()).toEqual([]);
  stopped.abort();
  expect(await seen()).toEqual(['waits for a without', 'behind']);
});

test('a turn of somebody who has lost elsewhere before it came keeps nobody waiting', async () => {
  const turns = new GroupTurns();
  const { come, seen } = makeLosers(turns);
  const first = come('first', 'a');
  const again = come('left behind', 'a');
  await seen();
  turns.lost(again, ['b']);
  come('behind', 'a');
  turns.hasWritten(first);
  expect(await seen()).toEqual(['left behind without', 'behind']);
  expect(turns.expects(again)).toBe(true);
});

test('everything that is read at once waits for the same turn', async () => {
  const turns = new GroupTurns();
  const { come, seen } = makeLosers(turns);
  const first = come('first', 'a');
  const caller = come('second', 'a');
  const other = turns.enter(caller, 2000, never);
  turns.hasWritten(first);
  expect([await seen(), await other]).toEqual([['first', 'second'], true]);
  expect(turns.expects(caller)).toBe(false);
});

test('a turn in which nothing is under way ends, sooner each time, and after three there is none', async () => {
  const turns = new GroupTurns();
  const slow = {};
  const lasted: number[] = [];
  for (turns.lost(slow, 'a'); turns.expects(slow); turns.lost(slow, 'a')) {
    await turns.enter(slow, 2000, never);
    turns.begins(slow);
    await vi.advanceTimersByTimeAsync(400);
    turns.hasRead(slow);
    const other = {};
    turns.lost(other, 'a');
    const entered = turns.enter(other, 2000, never);
    const before = Date.now();
    await vi.advanceTimersToNextTimerAsync();
    lasted.push(Date.now() - before);
    expect(await entered).toBe(true);
    turns.hasWritten(other);
  }
  expect(lasted).toEqual([50, 25, 12]);
});

test('a step that hangs ends the turn as well, and a wait that is too long goes on without one', async () => {
  const turns = new GroupTurns();
  const { come, seen } = makeLosers(turns);
  const hangs = come('hangs', 'a');
  expect(await seen()).toEqual(['hangs']);
  turns.begins(hangs);
  come('second', 'a');
  await vi.advanceTimersByTimeAsync(500);
  expect(await seen()).toEqual(['second']);
  // It was never said to do anything: whoever waits has a bound of their own.
  come('third', 'a');
  await vi.advanceTimersByTimeAsync(2000);
  expect(await seen()).toEqual(['third without']);
});
