import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { SATURATION_CHANNEL } from '@holdfast/core';
import { expect, test } from 'vitest';
import { Lane } from './lane.ts';

const never = { signal: new AbortController().signal };

/** Work that begins and ends when it is told to. */
function makeWork() {
  let end = (): void => {};
  let began = false;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async (): Promise<void> => {
    began = true;
    await ended;
  };
  return { run, end: () => end(), began: () => began };
}

test('as many run as there is room for, the others in the order in which they came', async () => {
  const lane = new Lane(2);
  const works = Array.from({ length: 5 }, makeWork);
  const runs = works.map(({ run }) => lane.run(run, never));
  const begun = (): string => works.map(({ began }) => (began() ? 'x' : '-')).join('');
  expect(begun()).toBe('xx---');
  works[1]?.end();
  await runs[1];
  expect(begun()).toBe('xxx--');
  for (const work of works) work.end();
  await Promise.all(runs);
  expect(begun()).toBe('xxxxx');
});

test('who gives up while waiting is told why, never runs, and is in nobody’s way', async () => {
  const lane = new Lane(1);
  const [first, second, third] = [makeWork(), makeWork(), makeWork()];
  const abort = new AbortController();
  const runs = [lane.run(first.run, never), lane.run(second.run, abort), lane.run(third.run, never)] as const;
  const reason = new Error('enough');
  abort.abort(reason);
  await expect(runs[1]).rejects.toBe(reason);
  await expect(lane.run(second.run, abort)).rejects.toBe(reason);
  first.end();
  third.end();
  await Promise.all([runs[0], runs[2]]);
  expect([second.began(), third.began()]).toEqual([false, true]);
});

test('work that fails makes room too', async () => {
  const lane = new Lane(1);
  await expect(lane.run(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
  expect(await lane.run(() => Promise.resolve(7), never)).toBe(7);
});

test('80 % of a lane with a name in use are published once, and again only after less than half were', async () => {
  const published: unknown[] = [];
  const note = (message: unknown): void => void published.push(message);
  subscribe(SATURATION_CHANNEL, note);
  try {
    const [lane, nameless] = [new Lane(5, 'a lane'), new Lane(5)];
    const works = Array.from({ length: 9 }, makeWork);
    const runs = works.map(({ run }) => lane.run(run, never));
    const others = works.map(({ run }) => nameless.run(run, never));
    const message = { bound: 'a lane', used: 4, limit: 5 };
    expect(published).toEqual([message]);
    // Those who waited take their places, so that all five are in use until the last five end.
    for (const work of works.slice(0, 4)) work.end();
    await Promise.all(runs.slice(0, 4));
    expect(published).toEqual([message]);
    for (const work of works) work.end();
    await Promise.all([...runs, ...others]);
    const more = Array.from({ length: 4 }, makeWork);
    const again = more.map(({ run }) => lane.run(run, never));
    expect(published).toEqual([message, message]);
    for (const work of more) work.end();
    await Promise.all(again);
  } finally {
    unsubscribe(SATURATION_CHANNEL, note);
  }
});
