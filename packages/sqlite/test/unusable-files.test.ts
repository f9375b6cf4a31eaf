import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { refusal, rejection } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

test('what cannot be opened is typed, and no message names it', async () => {
  await using scratch = await makeScratch();
  const missing = await rejection(openSqlite({ file: join(scratch.directory, 'no', 'secret-name') }));
  expect(missing).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'open', retryable: false });
  expect(missing.message).toContain('directory of the database file does not exist (ENOENT)');
  const unmade = await rejection(openSqlite({ file: scratch.file, migrate: 'verify' }));
  expect(unmade.message).toContain('the database file does not exist');
  await mkdir(scratch.file);
  expect(await refusal(openSqlite({ file: scratch.file }))).toBe('INVALID_ARGUMENT');
});

test('a file that is no database is CORRUPT and stays as it is', async () => {
  await using scratch = await makeScratch();
  const text = 'not a database, but longer than the header of one '.repeat(50);
  await writeFile(scratch.file, text);
  expect(await refusal(openSqlite({ file: scratch.file }))).toBe('CORRUPT');
  expect(await readFile(scratch.file, 'utf8')).toBe(text);
});

test.each([
  'file::memory:',
  'file::memory:?cache=shared',
  ':memory:?cache=shared',
  ':MEMORY:',
  ':memory:x',
  'file:x?mode=memory&cache=shared',
  'file:x?vfs=unix-none',
  'FILE:x?immutable=1',
  'file:x?nolock=1',
  'file:x',
  'file:///x.db',
  'sqlite::memory:',
  'sqlite3:x.db',
])('%s is refused, and no file is made of it', async (file) => {
  await using scratch = await makeScratch();
  const before = process.cwd();
  process.chdir(scratch.directory);
  try {
    expect(await refusal(openSqlite({ file }))).toBe('INVALID_ARGUMENT');
    expect(await readdir('.')).toEqual([]);
  } finally {
    process.chdir(before);
  }
});

test.each(['./file:x?mode=memory', './:memory:', 'x.db?mode=memory', '%3Amemory%3A', String.raw`C:\x.db`])(
  'the file %s is one',
  async (file) => {
    await using scratch = await makeScratch();
    const before = process.cwd();
    process.chdir(scratch.directory);
    try {
      await using store = await openSqlite({ file });
      await store.put('/a', { body: new Uint8Array(1) }, 'absent');
      expect(store.capabilitiesAt('/').durability).toBe('power-loss');
      expect(await readdir('.')).toContain(file.replace('./', ''));
    } finally {
      process.chdir(before);
    }
  },
);

test('a file is a file whatever its name looks like', async () => {
  await using scratch = await makeScratch();
  for (const name of ['file:x?mode=memory', 'é ～ 😀.db', ':memory:x']) {
    const file = join(scratch.directory, name);
    await (await openSqlite({ file })).put('/a', { body: new Uint8Array(1) }, 'absent');
    await using again = await openSqlite({ file, migrate: 'verify' });
    expect(await again.get('/a')).toBeDefined();
  }
});
