import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { SATURATION_CHANNEL } from '@holdfast/core';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchPool } from './pool-watch.ts';

const published: unknown[] = [];
const note = (message: unknown): void => void published.push(message);
beforeEach(() => subscribe(SATURATION_CHANNEL, note));
afterEach(() => {
  unsubscribe(SATURATION_CHANNEL, note);
  published.length = 0;
});

/** A pool that says what the real one says when a connection is checked out and when it comes back. */
function makePool(max: number) {
  const pool = Object.assign(new EventEmitter(), { options: { max } });
  const say = (event: 'acquire' | 'release', times: number): void => {
    for (let time = 0; time < times; time += 1) pool.emit(event);
  };
  return { pool: pool as unknown as Pool, say };
}

test('80 % of the connections in use are published once, and again only after less than half were', () => {
  const { pool, say } = makePool(10);
  const watch = watchPool(pool);
  say('acquire', 7);
  expect(published).toEqual([]);
  say('acquire', 3);
  const message = { bound: 'openPostgres config.max', used: 8, limit: 10 };
  expect(published).toEqual([message]);
  say('release', 5);
  say('acquire', 5);
  expect(published).toEqual([message]);
  say('release', 6);
  say('acquire', 4);
  expect(published).toEqual([message, message]);
  watch.end();
});

test('several stores on one pool publish once, however many of them there are', () => {
  const { pool, say } = makePool(5);
  const watches = [watchPool(pool), watchPool(pool), watchPool(pool)];
  say('acquire', 5);
  expect(published).toEqual([{ bound: 'openPostgres config.max', used: 4, limit: 5 }]);
  for (const watch of watches) watch.end();
});

test('a pool that nobody watches any more is not published', () => {
  const { pool, say } = makePool(5);
  watchPool(pool).end();
  say('acquire', 5);
  expect(published).toEqual([]);
});
