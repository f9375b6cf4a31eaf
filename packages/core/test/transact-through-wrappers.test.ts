import { expect, test } from 'vitest';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { createRecord } from '../src/helpers/create-record.ts';
import { readRecord } from '../src/helpers/read-record.ts';
import { withReadOnly } from '../src/layers/with-read-only.ts';
import { commit } from '../src/operations/commit/commit.ts';
import { transact } from '../src/transact/transact.ts';
import type { Transaction } from '../src/transact/transaction.ts';
import { scopedView } from '../src/views/scoped-view.ts';
import { CommittingFilesystem } from './support/committing-filesystem.ts';
import { WRAPS } from './support/core-wrappers.ts';
import { typedRejection } from './support/rejection.ts';
import { failOnUnhandledRejections } from './support/unhandled.ts';

failOnUnhandledRejections();

const wraps = Object.entries(WRAPS);
const codec = jsonCodec<number>({ kind: 'n' });
const FAST = { backoffMinMs: 0, backoffMaxMs: 0 };
const PATHS = ['/a', '/d/b', '/c'] as const;

async function holding(wrap: (filesystem: RootFilesystem) => RootFilesystem) {
  const backend = new CommittingFilesystem();
  const filesystem = wrap(backend);
  for (const path of PATHS) await createRecord(filesystem, path, codec, 10);
  return { backend, filesystem };
}

/** Moves one from an account to another. */
const move = (from: string, to: string) => async (tx: Transaction) => {
  const [less = 0, more = 0] = await Promise.all([tx.get(from, codec), tx.get(to, codec)]);
  await tx.put(from, codec, less - 1);
  await tx.put(to, codec, more + 1);
};

const total = async (tx: Transaction) => {
  const all = await Promise.all(PATHS.map((path) => tx.get(path, codec)));
  return all.reduce<number>((sum, each) => sum + (each ?? 0), 0);
};

test.each(wraps)('through %s what is moved by several at once is neither lost nor doubled', async (_, wrap) => {
  const { filesystem } = await holding(wrap);
  const moves = PATHS.flatMap((from) => PATHS.filter((to) => to !== from).map((to) => move(from, to)));
  const totals = moves.map(() => transact(filesystem, total, FAST));
  const moved = moves.map((run) => transact(filesystem, run, FAST));
  expect((await Promise.all(totals)).map(({ outcome }) => outcome)).toEqual(moves.map(() => 30));
  for (const { written } of await Promise.all(moved)) expect(written).toBe(true);
  const values = await Promise.all(PATHS.map((path) => readRecord(filesystem, path, codec)));
  expect(values.map((record) => record?.value)).toEqual([10, 10, 10]);
});

test.each(wraps)('through %s a conflict has the paths of the caller', async (_, wrap) => {
  const { filesystem } = await holding(wrap);
  const error = await typedRejection(
    transact(
      filesystem,
      async (tx) => {
        await tx.put('/a', codec, ((await tx.get('/a', codec)) ?? 0) + ((await tx.get('/d/b', codec)) ?? 0));
        await commit(filesystem, [{ put: '/d/b', entry: await codec.encode(tx.attempt), expectation: 'any' }]);
      },
      { ...FAST, maxAttempts: 2 },
    ),
  );
  expect(error).toMatchObject({
    code: 'RETRIES_EXHAUSTED',
    operation: 'transact',
    path: '/d/b',
    cause: { code: 'VERSION_MISMATCH', path: '/d/b', paths: ['/d/b'] },
  });
});

test.each(wraps)('through %s a lost reply to it is found out about', async (_, wrap) => {
  const { backend, filesystem } = await holding(wrap);
  backend.after('_commit', (_context, nth) => {
    if (nth === 1) throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  const { version, attempts } = await transact(filesystem, move('/a', '/c'), FAST);
  expect((await readRecord(filesystem, '/c', codec))?.version).toBe(version);
  expect([attempts, backend.count('_commit')]).toEqual([1, 1]);
});

test('it needs permission for each thing that it does, and no other', async () => {
  const { backend } = await holding((filesystem) => filesystem);
  expect((await transact(withReadOnly(backend), total)).outcome).toBe(30);
  const denied = { code: 'ACCESS_DENIED', operation: 'transact', outcome: 'not-applied' };
  expect(await typedRejection(transact(withReadOnly(backend), move('/a', '/c')))).toMatchObject(denied);
  const blind = scopedView(backend, [{ at: '/', permissions: ['write'] }]);
  await transact(blind, (tx) => tx.put('/new', codec, 1));
  expect(await typedRejection(transact(blind, (tx) => tx.get('/a', codec)))).toMatchObject({ ...denied, path: '/a' });
  expect(await typedRejection(transact(blind, (tx) => tx.delete('/a')))).toMatchObject({ ...denied, path: '/a' });
});
