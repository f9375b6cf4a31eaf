import { HoldfastError, parsePath } from '@holdfast/core';
import { mintVersion, type OperationContext } from '@holdfast/core/adapter';
import { expect, test, vi } from 'vitest';
import type { SqlDriver, SqlRow } from '../driver.ts';
import { type ConditionalWrite, type GroupResult, type WriteGroup } from '../group.ts';
import { checkMember, deleteMember } from '../group-members.ts';
import { nameTables } from '../schema/tables.ts';
import { sqliteProfile } from '../sqlite/sqlite-profile.ts';
import { createStatements } from '../statements/statements.ts';
import { TurnTakingDriver } from './turn-taking-driver.ts';

const statements = createStatements(sqliteProfile, nameTables({}, sqliteProfile));
const get = (path: string) => statements.get.query({ path });
const context: OperationContext = { signal: new AbortController().signal, remainingMs: () => Infinity };

function write(path: string): ConditionalWrite {
  return deleteMember(statements, { path: parsePath(path), expectation: { version: mintVersion() } });
}

/** A backend on which every write loses, and whose reads end when they are told to. */
function openSlow(extra: Partial<SqlDriver> = {}) {
  const reads: PromiseWithResolvers<readonly SqlRow[]>[] = [];
  const driver: SqlDriver = {
    read: () => {
      reads.push(Promise.withResolvers());
      return (reads.at(-1) as (typeof reads)[number]).promise;
    },
    write: async (groups) => groups.map((): GroupResult => ({ unmet: [0] })),
    close: async () => {},
    ...extra,
  };
  return { driver, reads };
}

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('those who lost read one after the other, and nobody else waits', async () => {
  const { driver, reads } = openSlow();
  const lined = new TurnTakingDriver(driver, undefined);
  await lined.write([[write('/a')], [write('/a')]], context);
  const first = lined.read(get('/a'), context);
  const second = lined.read(get('/a'), context);
  await turnOfTheLoop();
  expect(reads).toHaveLength(1);
  // Neither who reads without having lost, nor who reads something else.
  void lined.read(get('/a'), context);
  void lined.read(get('/b'), context);
  await turnOfTheLoop();
  expect(reads).toHaveLength(3);
  reads[0]?.resolve([{ version: 'v' }]);
  expect(await first).toEqual([{ version: 'v' }]);
  await expect.poll(() => reads.length).toBe(4);
  reads[3]?.resolve([]);
  expect(await second).toEqual([]);
});

test('a read that fails in its turn gives it on', async () => {
  const { driver, reads } = openSlow();
  const lined = new TurnTakingDriver(driver, undefined);
  await lined.write([[write('/a')], [write('/a')]], context);
  const first = lined.read(get('/a'), context);
  void lined.read(get('/a'), context);
  await turnOfTheLoop();
  reads[0]?.reject(new HoldfastError('UNAVAILABLE', 'gone'));
  await expect(first).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await turnOfTheLoop();
  expect(reads).toHaveLength(2);
});

test('a read in its turn is made in the way the driver has for it; other reads are not', async () => {
  const readBeforeWrite = vi.fn<NonNullable<SqlDriver['readBeforeWrite']>>(async () => []);
  const { driver, reads } = openSlow({ readBeforeWrite });
  const lined = new TurnTakingDriver(driver, undefined);
  void lined.read(get('/a'), context);
  expect([reads.length, readBeforeWrite.mock.calls.length]).toEqual([1, 0]);
  await lined.write([[write('/a')]], context);
  await lined.read(get('/a'), context);
  expect([reads.length, readBeforeWrite.mock.calls.length]).toEqual([1, 1]);
  expect(readBeforeWrite.mock.calls[0]?.[2]).toBeLessThanOrEqual(500);
});

test('instances of one store line up together, other stores do not', async () => {
  const lose = async (store: string | undefined) => {
    const { driver, reads } = openSlow();
    const writer = new TurnTakingDriver(driver, store);
    const other = new TurnTakingDriver(driver, store);
    await writer.write([[write('/a')], [write('/a')]], context);
    void writer.read(get('/a'), context);
    void other.read(get('/a'), context);
    await turnOfTheLoop();
    return reads.length;
  };
  expect(await lose('one')).toBe(1);
  expect(await lose(undefined)).toBe(2);
});

test('a group of several lines nobody up for single writes, and ends the turn at what it has written', async () => {
  const results: GroupResult[] = [{ unmet: [0] }, { unmet: [0, 1] }, { changed: [1, 0] }];
  const { driver, reads } = openSlow({ write: async () => [results.shift() as GroupResult] });
  const lined = new TurnTakingDriver(driver, undefined);
  await lined.write([[write('/a')]], context);
  const group: WriteGroup = [write('/a'), checkMember(statements, '/b', 'absent')];
  await lined.write([group], context);
  void lined.read(get('/a'), context);
  // One write lost by itself: one read has a turn, and nobody else is waited for.
  void lined.read(get('/a'), context);
  void lined.read(get('/b'), context);
  await turnOfTheLoop();
  expect(reads).toHaveLength(3);
  await lined.write([group], context);
});

test('of those who lost with groups of several, one at a time reads and writes where they meet', async () => {
  const { driver, reads } = openSlow();
  const lined = new TurnTakingDriver(driver, undefined);
  // Through a layer each call has a context of its own, and tells of what it is a part.
  const attempt = (whole: object): OperationContext => ({ ...context, whole });
  const [one, other, elsewhere] = [{}, {}, {}];
  const group = (...paths: readonly [string, string]): WriteGroup => [write(paths[0]), write(paths[1])];
  await lined.write([group('/a', '/b')], attempt(one));
  await lined.write([group('/b', '/c')], attempt(other));
  await lined.write([group('/x', '/y')], attempt(elsewhere));
  void lined.read(get('/a'), attempt(one));
  const waiting = lined.read(get('/c'), attempt(other));
  void lined.read(get('/x'), attempt(elsewhere));
  void lined.read(get('/c'), attempt({}));
  await turnOfTheLoop();
  expect(reads).toHaveLength(3);
  reads[0]?.resolve([]);
  void lined.read(get('/b'), attempt(one));
  await turnOfTheLoop();
  // What else it reads in its turn does not wait.
  expect(reads).toHaveLength(4);
  await lined.write([group('/a', '/b')], attempt(one));
  await turnOfTheLoop();
  expect(reads).toHaveLength(5);
  reads[4]?.resolve([]);
  expect(await waiting).toEqual([]);
});

test('who only checks the same as others does not wait for them', async () => {
  const { driver, reads } = openSlow();
  const lined = new TurnTakingDriver(driver, undefined);
  for (const path of ['/a', '/b']) {
    const whole = {};
    const check = checkMember(statements, '/settings', { version: mintVersion() });
    await lined.write([[write(path), check]], { ...context, whole });
    void lined.read(get(path), { ...context, whole });
  }
  await turnOfTheLoop();
  expect(reads).toHaveLength(2);
});
