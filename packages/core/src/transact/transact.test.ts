import { expect, test } from 'vitest';
import { COMMITTING, CommittingFilesystem } from '../../test/support/committing-filesystem.ts';
import { deferred } from '../../test/support/deferred.ts';
import { JUNK } from '../../test/support/hostile.ts';
import { BYTES_ONLY } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { stranger } from '../../test/support/stranger.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { readRecord } from '../helpers/read-record.ts';
import { mountTable } from '../mounts/mount-table.ts';
import { commit } from '../operations/commit/commit.ts';
import { transact } from './transact.ts';
import type { Transaction } from './transaction.ts';

failOnUnhandledRejections();

const codec = jsonCodec<number>({ kind: 'n' });
const FAST = { backoffMinMs: 0, backoffMaxMs: 0 };

async function holding(values: Readonly<Record<string, number>> = {}) {
  const filesystem = new CommittingFilesystem();
  for (const [path, value] of Object.entries(values)) await write(filesystem, path, value);
  filesystem.calls.length = 0;
  return filesystem;
}

async function write(filesystem: CommittingFilesystem, path: string, value: number): Promise<void> {
  await filesystem.put(path, await codec.encode(value), 'any');
}

async function valuesOf(filesystem: CommittingFilesystem): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [path, stored] of filesystem.stored) found[path] = await codec.decode(stored);
  return found;
}

const changesOf = ({ commits }: CommittingFilesystem) =>
  commits
    .at(-1)
    ?.changes.map((each) => [
      each.change,
      each.path,
      typeof each.expectation === 'object' ? 'version' : each.expectation,
    ]);

test('what was read is checked and what was written is written, in one commit', async () => {
  const filesystem = await holding({ '/a': 1, '/b': 2, '/c': 3, '/d': 4 });
  const result = await transact(filesystem, async (tx) => {
    expect(await tx.get('/none', codec)).toBeUndefined();
    const [a = 0, b = 0] = [await tx.get('/a', codec), await tx.get('/b', codec)];
    await tx.put('/a', codec, a + b);
    await tx.get('/c', codec);
    await tx.delete('/c');
    await tx.put('/new', codec, 7);
    await tx.delete('/d');
    return 'moved' as const;
  });
  expect(await valuesOf(filesystem)).toEqual({ '/a': 3, '/b': 2, '/new': 7 });
  const { version } = (await readRecord(filesystem, '/a', codec)) ?? {};
  expect(result).toEqual({ outcome: 'moved', version, written: true, attempts: 1 });
  expect(changesOf(filesystem)).toEqual([
    ['check', '/none', 'absent'],
    ['put', '/a', 'version'],
    ['check', '/b', 'version'],
    ['delete', '/c', 'version'],
    ['put', '/new', 'any'],
    ['delete', '/d', 'any'],
  ]);
});

test('a conflict on anything that was read or written runs the function again', async () => {
  for (const path of ['/read', '/written', '/absent']) {
    const filesystem = await holding({ '/read': 1, '/written': 1 });
    const seen: number[] = [];
    const { attempts } = await transact(
      filesystem,
      async (tx) => {
        const found = [await tx.get('/read', codec), await tx.get('/written', codec), await tx.get('/absent', codec)];
        seen.push(found.reduce<number>((sum, each) => sum + (each ?? 0), 0));
        if (tx.attempt === 1) await write(filesystem, path, 10);
        await tx.put('/written', codec, 5);
      },
      FAST,
    );
    expect([attempts, seen.length]).toEqual([2, 2]);
    expect(seen[1]).toBeGreaterThan(10);
  }
});

test('of two that each check what the other writes, one runs again', async () => {
  const filesystem = await holding({ '/x': 1, '/y': 1 });
  const bothRead = deferred();
  let reads = 0;
  const leave = async (own: string, other: string) =>
    await transact(
      filesystem,
      async (tx) => {
        const [mine, theirs] = [await tx.get(own, codec), await tx.get(other, codec)];
        reads += 1;
        if (reads === 2) bothRead.resolve();
        if (tx.attempt === 1) await bothRead.promise;
        if (mine === 1 && theirs === 1) await tx.put(own, codec, 0);
        return theirs;
      },
      FAST,
    );
  const results = await Promise.all([leave('/x', '/y'), leave('/y', '/x')]);
  const { '/x': x = 0, '/y': y = 0 } = await valuesOf(filesystem);
  expect(x + y).toBe(1);
  expect(new Set(results.map(({ attempts, written }) => `${attempts} ${written}`))).toEqual(
    new Set(['1 true', '2 false']),
  );
});

test('own writes are visible, each time as a value of its own, and a path is read once', async () => {
  const objects = jsonCodec<{ n: number }>({ kind: 'o' });
  const filesystem = new CommittingFilesystem();
  await filesystem.put('/a', await objects.encode({ n: 1 }), 'any');
  filesystem.calls.length = 0;
  await transact(filesystem, async (tx) => {
    const [one, other] = await Promise.all([tx.get('/a', objects), tx.get('/a', objects)]);
    expect(one).toEqual(other);
    expect(one).not.toBe(other);
    const mine = { n: 2 };
    await tx.put('/a', objects, mine);
    mine.n = 3;
    const read = await tx.get('/a', objects);
    expect(read).toEqual({ n: 2 });
    (read as { n: number }).n = 9;
    await tx.delete('/b');
    expect(await tx.get('/b', objects)).toBeUndefined();
    await tx.put('/b', objects, { n: 5 });
    await tx.delete('/a');
    expect(await tx.get('/a', objects)).toBeUndefined();
    await tx.put('/a', objects, (await tx.get('/b', objects)) as { n: number });
  });
  expect(filesystem.calls).toEqual(['_get', '_commit']);
  expect((await readRecord(filesystem, '/a', objects))?.value).toEqual({ n: 5 });
});

test('what is not awaited is waited for, and of two puts at one path the later counts', async () => {
  const filesystem = await holding();
  const held = deferred();
  const slowFirst: RecordCodec<number> = {
    encode: async (value) => {
      if (value === 1) await held.promise;
      return await codec.encode(value);
    },
    decode: (stored) => codec.decode(stored),
  };
  await transact(filesystem, (tx) => {
    void tx.put('/a', slowFirst, 1);
    void tx.put('/a', slowFirst, 2);
    void tx.put('/b', slowFirst, 1);
    held.resolve();
  });
  expect(await valuesOf(filesystem)).toEqual({ '/a': 2, '/b': 1 });
});

test('a put that failed fails the transaction, also if nobody looked', async () => {
  const filesystem = await holding();
  const mine = new Error('mine');
  const failing: RecordCodec<number> = {
    encode: () => Promise.reject(mine),
    decode: (stored) => codec.decode(stored),
  };
  const runs: readonly ((tx: Transaction) => unknown)[] = [
    (tx) => void tx.put('/a', failing, 1),
    (tx) => tx.put('/a', failing, 1).catch(() => {}),
    (tx) => tx.put('/a', failing, 1),
    (tx) => {
      void tx.put('/a', failing, 1);
      return tx.put('/a', codec, 2);
    },
  ];
  for (const run of runs) expect(await rejection(transact(filesystem, run))).toBe(mine);
  const invalid = await typedRejection(transact(filesystem, (tx) => void tx.put('/a', codec, Number.NaN)));
  expect(invalid).toMatchObject({ code: 'RECORD_INVALID', operation: 'transact', path: '/a', outcome: 'not-applied' });
  expect(filesystem.calls).toEqual([]);
});

test('a put of exactly what was read is only checked', async () => {
  const filesystem = await holding({ '/a': 1, '/b': 2 });
  const both = async (tx: Transaction, b: number) => {
    await tx.put('/a', codec, (await tx.get('/a', codec)) ?? 0);
    await tx.put('/b', codec, ((await tx.get('/b', codec)) ?? 0) + b);
  };
  expect(await transact(filesystem, (tx) => both(tx, 1))).toMatchObject({ written: true });
  expect(changesOf(filesystem)).toEqual([
    ['check', '/a', 'version'],
    ['put', '/b', 'version'],
  ]);
  expect(await transact(filesystem, (tx) => both(tx, 0))).toMatchObject({ written: false, version: undefined });
  expect(changesOf(filesystem)?.map(([change]) => change)).toEqual(['check', 'check']);
});

test('one that only reads is a snapshot: of several records it is checked, of one it need not be', async () => {
  const filesystem = await holding({ '/a': 1, '/b': 2 });
  const total = async (tx: Transaction) => {
    const a = (await tx.get('/a', codec)) ?? 0;
    if (tx.attempt === 1) {
      await commit(filesystem, [
        { put: '/a', entry: await codec.encode(0), expectation: 'any' },
        { put: '/b', entry: await codec.encode(3), expectation: 'any' },
      ]);
    }
    return a + ((await tx.get('/b', codec)) ?? 0);
  };
  expect(await transact(filesystem, total, FAST)).toEqual({
    outcome: 3,
    version: undefined,
    written: false,
    attempts: 2,
  });
  filesystem.calls.length = 0;
  await transact(filesystem, (tx) => tx.get('/a', codec));
  await transact(filesystem, async (tx) => {
    await tx.get('/none', codec);
    await tx.delete('/none');
  });
  await transact(filesystem, () => 'nothing at all');
  expect(filesystem.calls).toEqual(['_get', '_get']);
});

test('what it throws reaches the caller as the same object, and nothing is written', async () => {
  const filesystem = await holding({ '/a': 1, '/b': 1 });
  const mine = Object.freeze({ mine: true });
  for (const paths of [[], ['/a'], ['/a', '/b']]) {
    const failing = transact(filesystem, async (tx) => {
      for (const path of paths) await tx.get(path, codec);
      await tx.put('/a', codec, 5);
      throw mine;
    });
    expect(await rejection(failing)).toBe(mine);
  }
  expect(await valuesOf(filesystem)).toEqual({ '/a': 1, '/b': 1 });
  expect(filesystem.commits.map(({ changes }) => changes.map(({ change }) => change))).toEqual([['check', 'check']]);
});

test('what it throws for something that was never there is not believed', async () => {
  const filesystem = await holding({ '/a': 1, '/b': 0 });
  const seen: unknown[] = [];
  const { outcome } = await transact(
    filesystem,
    async (tx) => {
      const a = (await tx.get('/a', codec)) ?? 0;
      if (tx.attempt === 1) {
        await commit(filesystem, [
          { put: '/a', entry: await codec.encode(0), expectation: 'any' },
          { put: '/b', entry: await codec.encode(1), expectation: 'any' },
        ]);
      }
      const total = a + ((await tx.get('/b', codec)) ?? 0);
      seen.push(total);
      if (total !== 1) throw new Error('money was made');
      return total;
    },
    FAST,
  );
  expect([outcome, seen]).toEqual([1, [2, 1]]);
});

test('when what it threw for cannot be looked into, that is what is told', async () => {
  const filesystem = await holding({ '/a': 1, '/b': 0 });
  filesystem.before('_commit', () => {
    throw new HoldfastError('ACCESS_DENIED', 'no more', { outcome: 'not-applied' });
  });
  const failing = transact(filesystem, async (tx) => {
    await tx.get('/a', codec);
    await tx.get('/b', codec);
    throw new Error('mine');
  });
  expect(await typedRejection(failing)).toMatchObject({
    code: 'ACCESS_DENIED',
    operation: 'transact',
    outcome: 'not-applied',
  });
});

test('a backend that is busy is a conflict, also one of a read that the function told nobody of', async () => {
  const filesystem = await holding({ '/a': 1 });
  const busy = () => {
    throw new HoldfastError('BUSY', 'held', { outcome: 'not-applied' });
  };
  filesystem.before('_get', (_context, nth) => {
    if (nth < 3) busy();
  });
  filesystem.before('_commit', (_context, nth) => {
    if (nth < 3) busy();
  });
  let runs = 0;
  const { attempts } = await transact(
    filesystem,
    async (tx) => {
      runs += 1;
      const found = await tx.get('/a', codec).catch(() => 100);
      await tx.put('/a', codec, (found ?? 0) + 1);
    },
    FAST,
  );
  expect([attempts, runs]).toEqual([5, 5]);
  expect(await valuesOf(filesystem)).toEqual({ '/a': 2 });
});

test('what was written for want of a read that was busy is not believed', async () => {
  const filesystem = await holding({ '/a': 1 });
  filesystem.before('_get', (_context, nth) => {
    if (nth === 1) throw new HoldfastError('BUSY', 'held', { outcome: 'not-applied' });
  });
  const { attempts } = await transact(
    filesystem,
    async (tx) => {
      const found = await tx.get('/a', codec).catch(() => 100);
      await tx.put('/b', codec, found ?? 0);
    },
    FAST,
  );
  expect(attempts).toBe(2);
  expect(await valuesOf(filesystem)).toEqual({ '/a': 1, '/b': 1 });
});

test('after the last attempt it says so, with the conflict as the cause', async () => {
  const filesystem = await holding({ '/a': 1, '/b': 1 });
  const running = transact(
    filesystem,
    async (tx) => {
      const [, b = 0] = [await tx.get('/a', codec), await tx.get('/b', codec)];
      await write(filesystem, '/b', b + 1);
      await tx.put('/a', codec, b);
    },
    { ...FAST, maxAttempts: 3 },
  );
  const error = await typedRejection(running);
  expect(error).toMatchObject({
    code: 'RETRIES_EXHAUSTED',
    operation: 'transact',
    path: '/b',
    outcome: 'not-applied',
    cause: { code: 'VERSION_MISMATCH', paths: ['/b'] },
  });
  expect(filesystem.count('_commit')).toBe(3);
});

test('a lost reply that cannot be resolved is told, and never repeated', async () => {
  const filesystem = await holding();
  filesystem.before('_commit', () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  const error = await typedRejection(transact(filesystem, (tx) => tx.put('/a', codec, 1)));
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', operation: 'transact', path: '/a', outcome: 'unknown' });
  expect(filesystem.count('_commit')).toBe(1);
});

test('a path that cannot have it is refused at its first use, before it is touched', async () => {
  const refused = (filesystem: Parameters<typeof transact>[0], path = '/a') => [
    transact(filesystem, (tx) => tx.get(path, codec)),
    transact(filesystem, (tx) => void tx.put(path, codec, 1)),
    transact(filesystem, (tx) => tx.delete(path).catch(() => {})),
  ];
  for (const [changed, capability] of [
    [{ planes: [] }, 'planes'],
    [{ records: false }, 'records'],
    [{ cas: 'create-only' }, 'cas'],
    [{ maxCommitChanges: 0 }, 'maxCommitChanges'],
  ] as const) {
    const filesystem = new CommittingFilesystem({ ...COMMITTING, ...changed });
    for (const call of refused(filesystem)) {
      expect(await typedRejection(call)).toMatchObject({
        code: 'UNSUPPORTED',
        operation: 'transact',
        path: '/a',
        capability,
        outcome: 'not-applied',
      });
    }
    expect(filesystem.calls).toEqual([]);
  }
  const below = new CommittingFilesystem();
  for (const call of refused(stranger(below))) {
    const error = await typedRejection(call);
    expect(error).toMatchObject({ code: 'UNSUPPORTED', capability: 'planes' });
    expect(error.message).toContain('cannot go through');
  }
  const table = mountTable([
    { at: '/good', filesystem: below },
    { at: '/bytes', filesystem: new CommittingFilesystem(BYTES_ONLY) },
  ]);
  for (const call of refused(table, '/bytes/a')) {
    expect(await typedRejection(call)).toMatchObject({ code: 'UNSUPPORTED', path: '/bytes/a', capability: 'planes' });
  }
  for (const call of refused(table, '/nowhere')) {
    expect(await typedRejection(call)).toMatchObject({ code: 'NOT_MOUNTED', operation: 'transact', path: '/nowhere' });
  }
  for (const call of refused(table, 'no path')) {
    expect(await typedRejection(call)).toMatchObject({ code: 'INVALID_PATH', operation: 'transact', path: undefined });
  }
  expect(below.calls).toEqual([]);
});

test('paths that lead to different filesystems are refused, and nothing is written', async () => {
  const [one, other] = [new CommittingFilesystem(), new CommittingFilesystem()];
  const table = mountTable([
    { at: '/one', filesystem: one },
    { at: '/other', filesystem: other },
  ]);
  const apart = transact(table, async (tx) => {
    await tx.put('/one/a', codec, 1);
    await tx.put('/other/a', codec, 1);
  });
  expect(await typedRejection(apart)).toMatchObject({
    code: 'UNSUPPORTED',
    message: 'this path leads to another filesystem than the first one',
    operation: 'transact',
    path: '/other/a',
    outcome: 'not-applied',
  });
  expect([one.stored.size, other.stored.size]).toEqual([0, 0]);
});

test('a record that cannot be read is told of with its path, and what is too much with its limit', async () => {
  const filesystem = await holding();
  await filesystem.put('/file', { body: Uint8Array.of(1) }, 'any');
  expect(await typedRejection(transact(filesystem, (tx) => tx.get('/file', codec)))).toMatchObject({
    code: 'RECORD_INVALID',
    operation: 'transact',
    path: '/file',
    outcome: 'not-applied',
  });
  const many = transact(filesystem, async (tx) => {
    for (let index = 0; index <= COMMITTING.maxCommitChanges; index += 1) await tx.put(`/${index}`, codec, index);
  });
  expect(await typedRejection(many)).toMatchObject({
    code: 'COMMIT_TOO_LARGE',
    operation: 'transact',
    capability: 'maxCommitChanges',
    outcome: 'not-applied',
  });
});

test('a path whose read failed is not written, whatever the function makes of that', async () => {
  const filesystem = await holding({ '/a': 1 });
  filesystem.before('_get', () => {
    throw new HoldfastError('CORRUPT', 'damaged');
  });
  const running = transact(filesystem, async (tx) => {
    await tx.get('/a', codec).catch(() => {});
    await tx.put('/a', codec, 5);
  });
  expect(await typedRejection(running)).toMatchObject({ code: 'CORRUPT', operation: 'transact', path: '/a' });
  expect(filesystem.count('_commit')).toBe(0);
});

test('what is malformed is refused', async () => {
  const filesystem = await holding();
  const invalid = { code: 'INVALID_ARGUMENT', operation: 'transact', outcome: 'not-applied' };
  for (const run of JUNK.filter((it) => typeof it !== 'function')) {
    expect(await typedRejection(transact(filesystem, run as never))).toMatchObject(invalid);
  }
  expect(await typedRejection(transact({} as never, () => 1))).toMatchObject(invalid);
  expect(await typedRejection(transact(filesystem, () => 1, { maxAttempts: 0 }))).toMatchObject(invalid);
  const noCodec = transact(filesystem, (tx) => tx.get('/a', undefined as never));
  expect(await typedRejection(noCodec)).toMatchObject({ ...invalid, path: '/a' });
});
