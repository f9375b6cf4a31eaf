import { expect, test } from 'vitest';
import type { DatabaseFacts } from './pragmas.ts';
import { promisesOf } from './supplied-database.ts';

const best: DatabaseFacts = {
  sqliteVersion: '3.54.1',
  inFile: true,
  journalMode: 'wal',
  synchronous: 2,
  fullSync: true,
  exclusiveLocking: false,
  encoding: 'UTF-8',
  replacedFunctions: [],
  uriParameters: [],
};

test('a connection that is set up as ours are promises what ours do', () => {
  expect(promisesOf(best)).toEqual({ durability: 'power-loss', sharing: 'host' });
});

test('a connection that a URI has left without locks is refused, and other URIs are what they open', () => {
  for (const name of ['immutable', 'nolock', 'vfs']) {
    expect(() => promisesOf({ ...best, uriParameters: ['cache', name] })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  }
  expect(promisesOf({ ...best, uriParameters: ['cache', 'mode'] }).sharing).toBe('host');
  expect(promisesOf({ ...best, uriParameters: ['mode'], inFile: false }).sharing).toBe('instance');
});

test('a sync that does not reach the medium survives no power loss', () => {
  expect(promisesOf({ ...best, fullSync: false }).durability).toBe('process-crash');
});

test('a SQLite with the WAL-reset bug is for one instance, unless there is no such log', () => {
  const old = { ...best, sqliteVersion: '3.50.4' };
  expect(promisesOf(old).sharing).toBe('instance');
  expect(promisesOf({ ...old, journalMode: 'delete' }).sharing).toBe('host');
});

test.each([
  ['truncate', 3, 'power-loss'],
  ['persist', 2, 'process-crash'],
  ['delete', 2, 'process-crash'],
  ['delete', 0, 'process-crash'],
  ['wal', 1, 'process-crash'],
])('journal_mode %s with synchronous %i survives: %s', (journalMode, synchronous, durability) => {
  expect(promisesOf({ ...best, journalMode, synchronous }).durability).toBe(durability);
});

test.each([{ journalMode: 'off' }, { journalMode: 'memory' }, { encoding: 'UTF-16le' }])('%j is refused', (fact) => {
  expect(() => promisesOf({ ...best, ...fact })).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
});

test('in memory a journal in memory will do, but there has to be one', () => {
  const inMemory = { ...best, inFile: false, journalMode: 'memory', synchronous: 0 };
  expect(promisesOf(inMemory)).toEqual({ durability: 'none', sharing: 'instance' });
  expect(() => promisesOf({ ...inMemory, journalMode: 'off' })).toThrow('without a journal');
});
