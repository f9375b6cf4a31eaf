import { HoldfastError, parsePath, type Version } from '@holdfast/core';
import { mintVersion, type OperationContext } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import type { SqlDriver } from '../driver.ts';
import type { GroupResult, WriteGroup } from '../group.ts';
import { putMember } from '../group-members.ts';
import { nameTables } from '../schema/tables.ts';
import { sqliteProfile } from '../sqlite/sqlite-profile.ts';
import { createStatements } from '../statements/statements.ts';
import type { WriteContext } from './batch.ts';
import { BatchingDriver } from './batching-driver.ts';

const statements = createStatements(sqliteProfile, nameTables({}, sqliteProfile));
const patient: OperationContext = { signal: new AbortController().signal, remainingMs: () => Infinity };
const landed: GroupResult = { changed: [1] };

function put(path: string, expectation: 'any' | { readonly version: Version } = 'any') {
  const entry = { kind: undefined, contentType: 'a/b', indexed: undefined, body: new Uint8Array(1) };
  return putMember(statements, { path: parsePath(path), entry, expectation, version: mintVersion() });
}

/** A batch that was sent, and ends when it is told to. */
interface Sent {
  readonly paths: string;
  readonly context: WriteContext;
  readonly end: PromiseWithResolvers<readonly GroupResult[]>;
}

function open() {
  const sent: Sent[] = [];
  const inner: SqlDriver = {
    read: async () => [],
    write(groups, context) {
      const end = Promise.withResolvers<readonly GroupResult[]>();
      sent.push({ paths: groups.map((group) => group.map(({ path }) => path).join('+')).join(' '), context, end });
      return end.promise;
    },
    close: async () => {},
  };
  const driver = new BatchingDriver(inner, { atOnce: 1, maxGroups: 100, maxChanges: 100, maxBytes: 1_000_000 });
  const write = async (group: WriteGroup): Promise<GroupResult> =>
    (await driver.write([group], patient))[0] as GroupResult;
  /** Ends a batch, each of whose groups has landed. */
  const land = async (batch: Sent | undefined): Promise<void> => {
    batch?.end.resolve(batch.paths.split(' ').map((paths) => ({ changed: paths.split('+').map(() => 1) })));
    await turns();
  };
  return { sent, write, land, paths: () => sent.map(({ paths }) => paths) };
}

/** The turn after which batches go out, and what they set off. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a batch that makes way counts no more, and whoever is behind it at its paths goes on', async () => {
  const { write, land, paths, sent } = open();
  const hangs = write([put('/a')]);
  await turns();
  const next = write([put('/a'), put('/b')]);
  const other = write([put('/c')]);
  await turns();
  expect(paths()).toEqual(['/a']);
  sent[0]?.context.batch?.makeWay();
  sent[0]?.context.batch?.makeWay();
  await turns();
  expect(paths()).toEqual(['/a', '/c /a+/b']);
  const third = write([put('/d')]);
  await turns();
  // It has made way for one, not for each time that it says so.
  expect(paths()).toEqual(['/a', '/c /a+/b']);
  await land(sent[1]);
  expect(await Promise.all([next, other])).toEqual([{ changed: [1, 1] }, landed]);
  await land(sent[2]);
  expect(await third).toEqual(landed);
  await land(sent[0]);
  expect(await hangs).toEqual(landed);
  void write([put('/a')]);
  await turns();
  expect(paths()).toEqual(['/a', '/c /a+/b', '/d', '/a']);
});

test('one that has made way is answered when it fails, and makes nobody lose when it lands', async () => {
  const { write, land, paths, sent } = open();
  const version = mintVersion();
  const first = write([put('/a', { version })]);
  const second = write([put('/b')]);
  await turns();
  sent[0]?.context.batch?.makeWay();
  const behind = write([put('/a', { version })]);
  await turns();
  expect(paths()).toEqual(['/a /b', '/a']);
  sent[0]?.end.reject(new HoldfastError('UNAVAILABLE', 'lost', { outcome: 'unknown' }));
  await turns();
  for (const answer of [await first, await second]) {
    expect(answer).toMatchObject({ error: { code: 'UNAVAILABLE', outcome: 'unknown' } });
  }
  await land(sent[1]);
  expect(await behind).toEqual(landed);
});
