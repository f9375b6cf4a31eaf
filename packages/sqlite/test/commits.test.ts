import { commit, type Change } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { DriverError, makeFaulty } from './support/faulty-database.ts';
import { openRaw } from './support/raw-database.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const entry = { body: new Uint8Array([1]) };

async function open() {
  const raw = await openRaw(':memory:');
  const faulty = makeFaulty(raw);
  const store = await openSqlite({ database: faulty.database, busyTimeoutMs: 100 });
  const texts: string[] = [];
  const sent = async (changes: readonly Change[]): Promise<string> => {
    texts.length = 0;
    faulty.intercept = (text, run) => {
      texts.push(text.trim().split(' ')[0] as string);
      return run();
    };
    await commit(store, changes);
    return texts.join(' ');
  };
  return { raw, store, faulty, sent };
}

test('a commit is one transaction; of one put it is that of a put, of checks alone it takes no lock to write', async () => {
  const { raw, sent } = await open();
  expect(await sent([{ put: '/a', entry, expectation: 'absent' }])).toBe('begin insert commit');
  const group: readonly Change[] = [
    { put: '/b', entry, expectation: 'absent' },
    { delete: '/c', expectation: 'any' },
  ];
  expect(await sent(group)).toBe('begin savepoint insert delete release commit');
  expect(await sent([{ check: '/c', expectation: 'absent' }])).toBe('begin rollback');
  raw.close();
});

test('checks alone are looked at while another connection has the lock to write', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: 0 });
  using other = await openRaw(scratch.file);
  other.prepare('begin immediate').run();
  const checks: readonly Change[] = [
    { check: '/a', expectation: 'absent' },
    { check: '/b', expectation: 'absent' },
  ];
  expect(await commit(store, checks)).toEqual({ version: undefined });
  expect(await refusal(commit(store, [...checks, { put: '/c', entry, expectation: 'any' }]))).toBe('BUSY not-applied');
});

test.each(['landed', 'did not land'])('a commit whose end fails and that %s is found out about', async (what) => {
  const { raw, store, faulty } = await open();
  const { version: old } = await store.put('/a', entry, 'absent');
  let commits = 0;
  faulty.intercept = (text, run) => {
    if (text !== 'commit') return run();
    commits += 1;
    if (commits > 1) return run();
    if (what === 'landed') run();
    throw new DriverError('SQLITE_IOERR_FSYNC');
  };
  const { version } = await commit(store, [
    { put: '/new', entry, expectation: 'absent' },
    { put: '/a', entry, expectation: { version: old } },
  ]);
  expect(commits).toBe(what === 'landed' ? 1 : 2);
  expect([(await store.get('/new'))?.version, (await store.get('/a'))?.version]).toEqual([version, version]);
  raw.close();
});
