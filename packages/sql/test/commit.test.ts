import { commit, isHoldfastError, parsePath, type Change } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import {
  commitLimits,
  nameTables,
  SqlFilesystem,
  sqliteProfile,
  type GroupResult,
  type SqlDriver,
  type WriteGroup,
} from '../src/index.ts';
import { openNodeSqlite } from './support/open-node-sqlite.ts';

const entry = { body: new Uint8Array([1]) };

/** A filesystem whose driver answers what it is told to, and what was sent to it. */
function openFake(answer: (group: WriteGroup) => GroupResult = (group) => ({ changed: group.map(() => 1) })) {
  const sent: WriteGroup[] = [];
  const driver: SqlDriver = {
    read: async () => [],
    async write(groups) {
      sent.push(...groups);
      return groups.map(answer);
    },
    close: async () => {},
  };
  const capabilities = defineCapabilities({
    cas: 'versioned',
    records: true,
    indexed: true,
    contentTypes: true,
    conditionalDelete: true,
    paths: 'prefix',
    durability: 'none',
    sharing: 'instance',
    maxBodyBytes: 1000,
    ...commitLimits(1000),
    planes: ['atomic-commit'],
  });
  const tables = nameTables({}, sqliteProfile);
  const filesystem = new SqlFilesystem({ capabilities, profile: sqliteProfile, tables, driver });
  return { filesystem, sent };
}

test('a commit of one put or delete sends what that sends by itself', async () => {
  const { filesystem, sent } = openFake();
  await filesystem.put('/a', entry, 'absent');
  await commit(filesystem, [{ put: '/a', entry, expectation: 'absent' }]);
  await filesystem.delete('/a', 'any');
  await commit(filesystem, [{ delete: '/a', expectation: 'any' }]);
  const shapes = sent.map((group) => group.map((member) => 'query' in member && member.query.statement));
  expect(shapes[1]).toEqual(shapes[0]);
  expect(shapes[3]).toEqual(shapes[2]);
});

test('a commit is one group, its puts have one version, and a mismatch names the paths that the driver tells of', async () => {
  const { filesystem, sent } = openFake();
  const changes: readonly Change[] = [
    { put: '/b', entry, expectation: 'any' },
    { check: '/c', expectation: 'absent' },
    { put: '/a', entry, expectation: 'absent' },
    { delete: '/d', expectation: 'any' },
  ];
  const { version } = await commit(filesystem, changes);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.map(({ path }) => path)).toEqual(['/b', '/c', '/a', '/d']);
  expect(sent[0]?.map((member) => ('row' in member ? member.row?.version : undefined))).toEqual([
    version,
    undefined,
    version,
    undefined,
  ]);
  const refused = openFake(() => ({ unmet: [1, 2] })).filesystem;
  const error: unknown = await commit(refused, changes).catch((thrown: unknown) => thrown);
  expect(isHoldfastError(error) && { ...error.toJSON() }).toMatchObject({
    code: 'VERSION_MISMATCH',
    path: '/c',
    paths: ['/c', '/a'],
    message: '2 of 4 expectations do not hold',
    outcome: 'not-applied',
  });
});

test('the longest body can be put in a commit, whatever it is', () => {
  expect(commitLimits(1000).maxCommitBytes).toBe(16 * 1024 * 1024);
  expect(commitLimits(1000, 2000).maxCommitBytes).toBe(2000);
  expect(commitLimits(3000, 2000)).toEqual({ maxCommitChanges: 1000, maxCommitBytes: 3000 });
});

test('the smallest SQL adapter commits', async () => {
  await using store = await openNodeSqlite();
  const { version } = await store.put('/a', entry, 'absent');
  const changes: readonly Change[] = [
    { delete: '/a', expectation: { version } },
    { put: '/b', entry, expectation: 'absent' },
  ];
  await commit(store, changes);
  expect([await store.get('/a'), (await store.get('/b'))?.path]).toEqual([undefined, parsePath('/b')]);
  const error: unknown = await commit(store, changes).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'VERSION_MISMATCH', paths: ['/a', '/b'] });
});
