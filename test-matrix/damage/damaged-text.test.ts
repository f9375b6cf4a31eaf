import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RootFilesystem, Snapshot, Version, VersionedCapabilities } from '@holdfast/core';
import { openLibsql } from '@holdfast/libsql';
import { openSqlite } from '@holdfast/sqlite';
import { makeScratchDirectory, rejections } from '@holdfast/test-support';
import { expect, test } from 'vitest';

type Store = RootFilesystem<VersionedCapabilities>;
type Sound = Snapshot<Version>;

const { refusal } = rejections();

const adapters: Readonly<Record<string, (file: string) => Promise<Store>>> = {
  sqlite: (file) => openSqlite({ file }),
  libsql: (file) => openLibsql({ config: { url: `file:${file}` } }),
};

const PATH = '/docs/m4rked～path';
const ENTRY = {
  body: new Uint8Array([1, 2]),
  contentType: 'text/m4rked',
  kind: 'm4rked_kind',
  indexed: { text: 'm4rked index' },
};
const NAMES = ['a', 'm4rked～path', 'z'];

/** A file with three entries, and what the one in the middle is. */
async function makeFile(directory: string): Promise<{ readonly bytes: Buffer; readonly truth: Sound }> {
  const file = join(directory, 'sound.db');
  const store = await openSqlite({ file });
  await store.put(PATH, ENTRY, 'absent');
  for (const name of ['a', 'z']) await store.put(`/docs/${name}`, { body: new Uint8Array(1) }, 'absent');
  const truth = (await store.get(PATH)) as Sound;
  await store.close();
  return { bytes: await readFile(file), truth };
}

/** Copies of a file, in each of which one bit is another: in the first, a middle and the last byte of all that is marked. */
function* damaged(bytes: Buffer, mark: string): Generator<Buffer> {
  const { length } = Buffer.from(mark);
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    // The digit becomes a byte of the middle of a character, and every other letter the beginning of one.
    for (const offset of [0, 1, length - 1]) {
      const copy = Buffer.from(bytes);
      copy[at + offset] = (copy[at + offset] as number) ^ 0x80;
      yield copy;
    }
  }
}

/** What reads in a damaged file answer: `true` is what was stored, and nothing else may be but a code or nothing. */
async function readsOf(store: Store, truth: Sound): Promise<Record<'get' | 'list' | 'entries', string>> {
  const told = (work: Promise<boolean>): Promise<string> =>
    work.then(
      (value) => (value ? 'true' : 'nothing'),
      (error: unknown) => refusal(Promise.reject(error)),
    );
  const get = async (): Promise<boolean> => {
    const found = await store.get(PATH);
    if (found !== undefined) expect(found).toEqual(truth);
    return found !== undefined;
  };
  const list = async (): Promise<boolean> => {
    const { children } = await store.list('/docs');
    expect(children.map(({ name }) => name)).toEqual(NAMES);
    return true;
  };
  const entries = async (): Promise<boolean> => {
    const found: Sound[] = [];
    for await (const entry of store.entries('/docs')) found.push(entry);
    expect(found.map(({ path }) => path)).toEqual(NAMES.map((name) => `/docs/${name}`));
    expect(found[1]).toEqual(truth);
    return true;
  };
  return { get: await told(get()), list: await told(list()), entries: await told(entries()) };
}

/** What becomes of every copy of a file in which one bit of what is marked is another. */
async function eachDamage(
  mark: string | ((truth: Sound) => string),
  look: (file: string, truth: Sound) => Promise<void>,
): Promise<number> {
  await using scratch = await makeScratchDirectory('damage');
  const { bytes, truth } = await makeFile(scratch.path);
  let count = 0;
  for (const copy of damaged(bytes, typeof mark === 'string' ? mark : mark(truth))) {
    count += 1;
    const file = join(scratch.path, `damaged-${count}.db`);
    await writeFile(file, copy);
    await look(file, truth);
  }
  return count;
}

const columns: Readonly<Record<string, string | ((truth: Sound) => string)>> = {
  kind: 'm4rked_kind',
  content_type: 'text/m4rked',
  indexed: 'm4rked index',
  version: ({ version }) => version,
};

for (const [adapter, open] of Object.entries(adapters)) {
  test.each(Object.keys(columns))(`${adapter}: a %s with a bit that has turned is CORRUPT`, async (column) => {
    const count = await eachDamage(columns[column] ?? '', async (file, truth) => {
      await using store = await open(file);
      expect(await readsOf(store, truth)).toEqual({ get: 'CORRUPT', list: 'true', entries: 'CORRUPT' });
      const put = store.put(PATH, ENTRY, { version: truth.version });
      if (column === 'version') expect(await refusal(put)).toBe('VERSION_MISMATCH not-applied');
      else await put;
      // Whoever asks for it gets rid of the damage.
      await store.put(PATH, ENTRY, 'any');
      expect(await store.get(PATH)).toMatchObject(ENTRY);
      expect(await store.delete(PATH, 'any')).toEqual({ deleted: true });
    });
    expect(count).toBeGreaterThan(0);
  });

  test(`${adapter}: a path with a bit that has turned is never shown`, async () => {
    const seen = new Set<string>();
    await eachDamage('m4rked～path', async (file, truth) => {
      await using store = await open(file);
      const { get, list, entries } = await readsOf(store, truth);
      seen.add(`${get} ${list} ${entries}`);
      const deleted = await store.delete(PATH, 'any').catch((error: unknown) => refusal(Promise.reject(error)));
      expect([{ deleted: true }, { deleted: false }, 'CORRUPT not-applied']).toContainEqual(deleted);
    });
    // The row, whose path is read from the index; the index of paths; the index of children.
    expect([...seen].toSorted()).toEqual(['nothing true CORRUPT', 'true CORRUPT true', 'true true true']);
  });

  test(`${adapter}: a migration whose record has a bit that has turned is CORRUPT`, async () => {
    const codes = new Set<string>();
    const count = await eachDamage('0001_entries', async (file) => {
      const opened = await open(file).catch((error: unknown) => refusal(Promise.reject(error)));
      if (typeof opened === 'string') codes.add(opened);
      else await opened.close();
    });
    expect(count).toBeGreaterThan(1);
    expect([...codes]).toEqual(['CORRUPT']);
  });

  test(`${adapter}: a schema with a bit that has turned ends in an error with a code, or nothing is wrong`, async () => {
    const count = await eachDamage('holdfast_entries', async (file, truth) => {
      const opened = await open(file).catch((error: unknown) => refusal(Promise.reject(error)));
      if (typeof opened === 'string') return expect(opened).toMatch(/^(CORRUPT|SCHEMA_UNSUPPORTED|BACKEND_FAILED)$/);
      await readsOf(opened, truth);
      await opened.close();
    });
    expect(count).toBeGreaterThan(1);
  });
}
