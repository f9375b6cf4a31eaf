import { followGlobals } from '@holdfast/test-support';
import { beforeEach, expect, test, vi } from 'vitest';
import { TableSize } from './table-size.ts';

beforeEach(followGlobals);
beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

test('a table that is small is asked for its size each time, and one that is large once a second', () => {
  const size = new TableSize('"s"."it\'s"');
  const column = `pg_catalog.pg_relation_size('"s"."it''s"'::pg_catalog.regclass) as bytes`;
  expect([size.name, size.isAsked, size.column]).toEqual([undefined, true, column]);
  size.learn({ bytes: '8192' });
  expect([size.name, size.isAsked]).toEqual(['13', true]);
  size.learn({ bytes: '10000000' });
  expect([size.name, size.isAsked]).toEqual(['21', false]);
  // What was not asked for changes nothing.
  vi.advanceTimersByTime(999);
  size.learn({});
  expect([size.name, size.isAsked]).toEqual(['21', false]);
  vi.advanceTimersByTime(1);
  expect([size.name, size.isAsked]).toEqual(['21', true]);
  size.learn({ bytes: '8192' });
  expect([size.name, size.isAsked]).toEqual(['13', true]);
});
