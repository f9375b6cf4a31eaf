import { commit, type Change } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openLibsql } from '../src/index.ts';
import { rejection } from './support/rejection.ts';
import { makeTables, serverConfig } from './support/server.ts';
import { makeWire } from './support/wire.ts';

const protocols = ['http', 'ws'] as const;
const entry = { body: new Uint8Array([1]) };

test.each(protocols)('a commit whose reply is lost is found by reading back (%s)', async (protocol) => {
  await using wire = await makeWire();
  await using tables = makeTables();
  await using store = await openLibsql({ config: wire.config(protocol), ...tables.options });
  const { version: old } = await store.put('/old', entry, 'absent');
  wire.hold();
  void wire.answered().then(() => wire.letGo());
  const { version } = await commit(store, [
    { put: '/new', entry, expectation: 'absent' },
    { delete: '/old', expectation: { version: old } },
  ]);
  expect([(await store.get('/new'))?.version, await store.get('/old')]).toEqual([version, undefined]);
});

test.each(protocols)('checks whose reply is lost are asked again (%s)', async (protocol) => {
  await using wire = await makeWire();
  await using tables = makeTables();
  await using store = await openLibsql({ config: wire.config(protocol), ...tables.options });
  await store.get('/a');
  wire.hold();
  void wire.answered().then(() => wire.letGo());
  expect(await commit(store, [{ check: '/a', expectation: 'absent' }])).toEqual({ version: undefined });
});

test.each(protocols)('as many bytes and changes as a server claims are committed at once (%s)', async (protocol) => {
  await using tables = makeTables();
  await using store = await openLibsql({ config: serverConfig(protocol), ...tables.options });
  const { maxCommitBytes, maxCommitChanges } = store.capabilitiesAt('/');
  const directory = ['p', 'q', 'r'].map((letter) => `/${letter.repeat(255)}`).join('');
  const contentType = `a/${'b'.repeat(253)}`;
  const changes: readonly Change[] = Array.from({ length: maxCommitChanges }, (_, n) => {
    const body = new Uint8Array(n < 2 ? maxCommitBytes / 2 : 0);
    return { put: `${directory}/${n}`, entry: { body, kind: 'k'.repeat(128), contentType }, expectation: 'absent' };
  });
  const { version } = await commit(store, changes);
  for (const { put = '' } of changes.slice(-1)) expect((await store.get(put))?.version).toBe(version);
});

test('a commit whose metadata makes the request too long for a WebSocket is refused, and nothing else ends with it', async () => {
  await using tables = makeTables();
  await using store = await openLibsql({ config: serverConfig('ws'), ...tables.options });
  await using other = await openLibsql({ config: serverConfig('http'), ...tables.options });
  const indexed = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`k${n}`, '\u0001'.repeat(1000)]));
  const changes: readonly Change[] = Array.from({ length: 100 }, (_, n) => ({
    put: `/${n}`,
    entry: { ...entry, kind: 'k', indexed },
    expectation: 'absent',
  }));
  const reading = store.get('/0');
  expect(await rejection(commit(store, changes))).toMatchObject({
    code: 'COMMIT_TOO_LARGE',
    outcome: 'not-applied',
    capability: 'maxCommitBytes',
    path: '/0',
  });
  expect(await reading).toBe(undefined);
  await commit(other, changes);
  expect((await store.list('/')).children).toHaveLength(100);
});
