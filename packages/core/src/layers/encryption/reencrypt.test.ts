import { expect, test, vi } from 'vitest';
import { CasApply } from '../../cas/cas-apply.ts';
import { casUpdate } from '../../cas/cas-update.ts';
import { jsonCodec } from '../../codecs/json-codec.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { Snapshot } from '../../entries/entry.ts';
import type { RootFilesystem } from '../../filesystem/root-filesystem.ts';
import { mountTable } from '../../mounts/mount-table.ts';
import { bytes, textOf } from '../../../test/support/bytes.ts';
import { collect, ROOMY, tamper, testKey } from '../../../test/support/encrypted.ts';
import { BYTES_ONLY, MapFilesystem } from '../../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../../test/support/rejection.ts';
import { withEncryption } from '../with-encryption.ts';
import { withTimeout } from '../with-timeout.ts';
import { reencrypt } from './reencrypt.ts';
import { takeApart } from './sealed-body.ts';

const keys = { old: testKey(1), new: testKey(2) };

/** One store, as it is seen by those who write with the old key, with the new one, and who have only that. */
function rotation(stored: RootFilesystem = new MapFilesystem(ROOMY)) {
  return {
    before: withEncryption(stored, { keys, currentKey: 'old' }),
    after: withEncryption(stored, { keys, currentKey: 'new' }),
    onlyNew: withEncryption(stored, { keys: { new: keys.new }, currentKey: 'new' }),
  };
}

function keyIds(stored: MapFilesystem): (string | undefined)[] {
  return Array.from(stored.stored.values(), ({ body }) => takeApart(body)?.keyId);
}

test('entries under another key are written again, those under the current one are left alone', async () => {
  const stored = new MapFilesystem(ROOMY);
  const { before, after, onlyNew } = rotation(stored);
  const record = { body: bytes('1'), kind: 'turn', contentType: 'text/plain', indexed: { n: 0.1, s: 'x' } };
  await before.put('/d/record', record, 'any');
  await before.put('/d/file', { body: new Uint8Array(0) }, 'any');
  await after.put('/d/new', { body: bytes('2') }, 'any');
  await before.put('/elsewhere', { body: bytes('3') }, 'any');
  const untouched = [stored.stored.get('/d/new'), stored.stored.get('/elsewhere')];
  const first = stored.stored.get('/d/record');
  expect(await reencrypt(after, '/d')).toEqual({ examined: 3, rewritten: 2 });
  expect([stored.stored.get('/d/new'), stored.stored.get('/elsewhere')]).toEqual(untouched);
  const found = await onlyNew.get('/d/record');
  expect(found).toMatchObject(record);
  expect(found?.version).not.toBe(first?.version);
  expect((await onlyNew.get('/d/file'))?.body).toEqual(new Uint8Array(0));
  expect(await reencrypt(after, '/d')).toEqual({ examined: 3, rewritten: 0 });
  expect(await typedRejection(onlyNew.get('/elsewhere'))).toMatchObject({ code: 'KEY_NOT_FOUND', path: '/elsewhere' });
});

test('16 writers and a re-encryption at the same time: nothing is lost, and nothing stays under the old key', async () => {
  const stored = new MapFilesystem(ROOMY);
  // Every call waits for the next turn of the event loop, so that they come in between each other.
  for (const call of ['_get', '_put', '_scan'] as const) {
    stored.before(call, () => new Promise((resolve) => setImmediate(resolve)));
  }
  const { before, after, onlyNew } = rotation(stored);
  const codec = jsonCodec<{ n: number }>({ kind: 'counter', index: ({ n }) => ({ n }) });
  const count = (filesystem: RootFilesystem, record: number) =>
    casUpdate(filesystem, `/c/${record}`, codec, (now) => CasApply.write({ n: (now?.n ?? 0) + 1 }), {
      backoffMaxMs: 5,
      timeoutMs: 60_000,
    });
  const write = async (filesystem: RootFilesystem, writer: number, rounds: number) => {
    for (let round = 0; round < rounds; round += 1) await count(filesystem, (writer + round) % 8);
  };
  const writers = Array.from({ length: 16 }, (_, writer) => writer);
  for (const idle of Array.from({ length: 40 }, (_, nth) => nth)) {
    await before.put(`/c/idle-${idle}`, { body: bytes(`${idle}`) }, 'absent');
  }
  // While some still write with the old key, a re-encryption does no harm. It is not the last one.
  await Promise.all([
    ...writers.map((writer) => write(writer % 2 === 0 ? before : after, writer, 6)),
    reencrypt(after, '/c'),
    reencrypt(after, '/c', { pageSize: 3 }),
  ]);
  await Promise.all(writers.slice(0, 8).map((writer) => write(before, writer, 1)));
  expect(keyIds(stored)).toContain('old');
  // When all write with the new key, it is.
  await Promise.all([...writers.map((writer) => write(after, writer, 6)), reencrypt(after, '/', { pageSize: 5 })]);
  expect(new Set(keyIds(stored))).toEqual(new Set(['new']));
  const entries = await collect(onlyNew.entries('/c'));
  const counters = entries.filter(({ kind }) => kind === 'counter');
  const total = counters.reduce((sum, { body }) => sum + (JSON.parse(textOf({ body }) ?? '') as { n: number }).n, 0);
  expect(total).toBe(16 * 6 + 8 + 16 * 6);
  expect(entries.length - counters.length).toBe(40);
});

test('an entry that was changed meanwhile is read again, and keeps what the other has written', async () => {
  for (const other of ['before', 'after'] as const) {
    const stored = new MapFilesystem(ROOMY);
    const filesystems = rotation(stored);
    await filesystems.before.put('/a', { body: bytes('1') }, 'any');
    stored.before('_put', async () => {
      stored.heal();
      await filesystems[other].put('/a', { body: bytes('2') }, 'any');
    });
    const rewritten = other === 'before' ? 1 : 0;
    expect(await reencrypt(filesystems.after, '/')).toEqual({ examined: 1, rewritten });
    expect(textOf(await filesystems.onlyNew.get('/a'))).toBe('2');
  }
});

test('an entry that was deleted meanwhile stays deleted', async () => {
  const stored = new MapFilesystem(ROOMY);
  const { before, after } = rotation(stored);
  await before.put('/a', { body: bytes('1') }, 'any');
  stored.before('_put', () => stored.stored.clear());
  expect(await reencrypt(after, '/')).toEqual({ examined: 1, rewritten: 0 });
  expect(stored.stored.size).toBe(0);
});

test('a busy backend is tried again, other failures are reported', async () => {
  const stored = new MapFilesystem(ROOMY);
  const { before, after } = rotation(stored);
  await before.put('/a', { body: bytes('1') }, 'any');
  stored.before('_put', () => {
    stored.heal();
    throw new HoldfastError('BUSY', 'busy');
  });
  expect(await reencrypt(after, '/')).toEqual({ examined: 1, rewritten: 1 });
  await before.put('/a', { body: bytes('1') }, 'any');
  stored.before('_put', () => {
    throw new HoldfastError('STORAGE_FULL', 'full');
  });
  expect(await typedRejection(reencrypt(after, '/'))).toMatchObject({
    code: 'STORAGE_FULL',
    operation: 'put',
    path: '/a',
  });
});

test('writers who never stop using another key end it with RETRIES_EXHAUSTED', async () => {
  const stored = new MapFilesystem(ROOMY);
  const { before, after } = rotation(stored);
  await before.put('/a', { body: bytes('1') }, 'any');
  stored.before('_put', () => {
    throw new HoldfastError('VERSION_MISMATCH', 'the expectation does not hold');
  });
  vi.spyOn(Math, 'random').mockReturnValue(0);
  expect(await typedRejection(reencrypt(after, '/'))).toMatchObject({ code: 'RETRIES_EXHAUSTED', path: '/a' });
  expect(stored.count('_put')).toBe(1 + 256);
});

test('where entries are not versioned it is refused before anything is written, also below mounts', async () => {
  const bytesOnly = new MapFilesystem(BYTES_ONLY);
  const alone = rotation(bytesOnly);
  await alone.before.put('/a', { body: bytes('1') }, 'any');
  const expected = { code: 'UNSUPPORTED', capability: 'cas', outcome: 'not-applied' };
  expect(await typedRejection(reencrypt(alone.after, '/'))).toMatchObject({ ...expected, path: '/' });
  const versioned = new MapFilesystem(ROOMY);
  const { before, after } = rotation(
    mountTable([
      { at: '/bytes', filesystem: bytesOnly },
      { at: '/a/records', filesystem: versioned },
    ]),
  );
  await before.put('/bytes/a', { body: bytes('1') }, 'any');
  await before.put('/a/records/a', { body: bytes('1') }, 'any');
  expect(await typedRejection(reencrypt(after, '/'))).toMatchObject({ ...expected, path: '/bytes/a' });
  expect(bytesOnly.count('_put')).toBe(2);
  expect(keyIds(versioned)).toEqual(['new']);
});

test('an entry that cannot be decrypted ends it with its path, and the next call can go on behind it', async () => {
  const stored = new MapFilesystem(ROOMY);
  const { before, after, onlyNew } = rotation(stored);
  for (const name of ['a', 'b', 'c']) await before.put(`/${name}`, { body: bytes(name) }, 'any');
  const { body } = stored.stored.get('/b') as Snapshot;
  tamper(stored, '/b', { body: body.with(body.length - 1, (body.at(-1) as number) ^ 1) });
  const refused = await typedRejection(reencrypt(after, '/'));
  expect(refused).toMatchObject({ code: 'DECRYPTION_FAILED', operation: 'entries', path: '/b' });
  expect(await reencrypt(after, '/', { after: refused.path })).toEqual({ examined: 1, rewritten: 1 });
  expect(textOf(await onlyNew.get('/a'))).toBe('a');
  tamper(stored, '/b', { body: bytes('plain') });
  expect(await typedRejection(reencrypt(after, '/'))).toMatchObject({ code: 'DECRYPTION_FAILED', path: '/b' });
  expect(await typedRejection(reencrypt(onlyNew, '/', { after: '/a' }))).toMatchObject({ path: '/b' });
});

test('only what withEncryption gives is taken, and arguments are checked first', async () => {
  const { after } = rotation();
  for (const other of [new MapFilesystem(), withTimeout(after, { timeoutMs: 9 }), undefined, {}, 'after']) {
    expect(await typedRejection(reencrypt(other as RootFilesystem, '/'))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^filesystem must be what withEncryption has given; got/) as string,
    });
  }
  expect(await typedRejection(reencrypt(after, 'a'))).toMatchObject({ code: 'INVALID_PATH', operation: 'entries' });
  expect(await typedRejection(reencrypt(after, '/', { pageSize: 0 }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test('it ends when its signal fires', async () => {
  const stored = new MapFilesystem(ROOMY);
  const { before, after } = rotation(stored);
  for (const name of ['a', 'b']) await before.put(`/${name}`, { body: bytes(name) }, 'any');
  const controller = new AbortController();
  stored.after('_put', () => controller.abort());
  expect(await rejection(reencrypt(after, '/', { signal: controller.signal }))).toMatchObject({ code: 'ABORTED' });
  expect(keyIds(stored)).toEqual(['new', 'old']);
});
