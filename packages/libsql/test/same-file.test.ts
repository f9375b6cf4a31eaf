import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLibsql } from '../src/index.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const body = new Uint8Array([1]);
let before: string;

beforeEach(() => {
  before = process.cwd();
});

afterEach(() => process.chdir(before));

test('a relative file stays the same file when the working directory changes and a statement fails', async () => {
  await using scratch = await makeScratch();
  const here = dirname(scratch.file);
  const elsewhere = join(here, 'elsewhere');
  await mkdir(elsewhere);
  process.chdir(here);
  await using store = await openLibsql({ config: { url: 'file:relative.db' } });
  await store.put('/a', { body }, 'absent');
  process.chdir(elsewhere);
  const raw = createClient({ url: `file:${join(here, 'relative.db')}` });
  await raw.execute('alter table holdfast_entries rename to hidden');
  // After every failure the connection is replaced.
  expect(await refusal(store.get('/a'))).toBe('SCHEMA_UNSUPPORTED');
  await raw.execute('alter table hidden rename to holdfast_entries');
  raw.close();
  expect((await store.get('/a'))?.body).toEqual(body);
  expect(existsSync(join(elsewhere, 'relative.db'))).toBe(false);
});

test('the file of an embedded replica is refused through a link as well', async () => {
  await using scratch = await makeScratch();
  const link = join(dirname(scratch.file), 'link.db');
  await writeFile(scratch.file, '');
  await writeFile(`${scratch.file}-client_wal_index`, '');
  await symlink(scratch.file, link);
  expect(await refusal(openLibsql({ config: { url: `file:${link}` } }))).toBe('UNSUPPORTED');
});

test('several stores open at once on one client in memory', async () => {
  const client = createClient({ url: ':memory:' });
  const opening = ['a_', 'b_', 'c_'].map((tablePrefix) => openLibsql({ client, tablePrefix }));
  const stores = await Promise.all(opening);
  for (const store of stores) await store.put('/a', { body }, 'absent');
  const { rows } = await client.execute("select name from temp.sqlite_master where name like 'holdfast_probe%'");
  expect(rows).toEqual([]);
  client.close();
});
