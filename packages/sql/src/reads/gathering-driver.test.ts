import { HoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import type { SqlRow } from '../driver.ts';
import { nameTables } from '../schema/tables.ts';
import { sqliteProfile } from '../sqlite/sqlite-profile.ts';
import type { SqlQuery } from '../statements/statement.ts';
import { createStatements } from '../statements/statements.ts';
import { GatheringDriver, type TogetherReader } from './gathering-driver.ts';

const statements = createStatements(sqliteProfile, nameTables({}, sqliteProfile));
const patient: OperationContext = { signal: new AbortController().signal, remainingMs: () => Infinity };
const get = (path: string): SqlQuery => statements.get.query({ path });
const pathOf = ({ values }: SqlQuery): string => String(values[0]);
const rowsOf = (query: SqlQuery): readonly SqlRow[] => [{ path: pathOf(query) }];

/** What was sent, and how it ends. */
interface Sent {
  readonly paths: string;
  readonly context: OperationContext;
  readonly end: PromiseWithResolvers<readonly (readonly SqlRow[] | undefined)[]>;
}

function open() {
  const sent: Sent[] = [];
  const send = (queries: readonly SqlQuery[], context: OperationContext) => {
    const end = Promise.withResolvers<readonly (readonly SqlRow[] | undefined)[]>();
    sent.push({ paths: queries.map(pathOf).join(' '), context, end });
    return end.promise;
  };
  const inner: TogetherReader = {
    read: async (query, context) => (await send([query], context))[0] ?? [],
    readTogether: send,
    write: async () => [],
    close: async () => {},
  };
  const driver = new GatheringDriver(inner);
  return { sent, read: (query: SqlQuery, context = patient) => driver.read(query, context) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function impatient(remainingMs = Infinity) {
  const abort = new AbortController();
  const reason = new HoldfastError('ABORTED', 'the caller aborted');
  return { signal: abort.signal, remainingMs: () => remainingMs, giveUp: () => abort.abort(reason), reason };
}

test('reads of one turn go together, one by itself goes alone, and whatever reads more at once', async () => {
  const { sent, read } = open();
  const together = ['/a', '/b', '/a'].map((path) => read(get(path)));
  void read(statements.scan.query({ from: '/', below: '0', limit: 1, maxBytes: 1 }));
  expect(sent.map(({ paths }) => paths)).toEqual(['/']);
  await turn();
  const alone = read(get('/c'));
  await turn();
  expect(sent.map(({ paths }) => paths)).toEqual(['/', '/a /b /a', '/c']);
  sent[1]?.end.resolve(['/a', '/b', '/a'].map((path) => rowsOf(get(path))));
  sent[2]?.end.resolve([[]]);
  expect(await Promise.all(together)).toEqual([[{ path: '/a' }], [{ path: '/b' }], [{ path: '/a' }]]);
  expect(await alone).toEqual([]);
});

test('not more than 256 go together', async () => {
  const { sent, read } = open();
  for (let n = 0; n < 257; n += 1) void read(get(`/${n}`));
  await turn();
  expect(sent.map(({ paths }) => paths.split(' ').length)).toEqual([256, 1]);
});

test('what the driver leaves out is sent by itself', async () => {
  const { sent, read } = open();
  const reads = ['/a', '/b'].map((path) => read(get(path)));
  await turn();
  sent[0]?.end.resolve([undefined, []]);
  expect(await reads[1]).toEqual([]);
  expect(sent[1]?.paths).toBe('/a');
  sent[1]?.end.resolve([rowsOf(get('/a'))]);
  expect(await reads[0]).toEqual([{ path: '/a' }]);
});

test('who gives up is answered at once, and the others are not touched; when all have, its signal fires', async () => {
  const { sent, read } = open();
  const [early, one, other] = [impatient(), impatient(5), impatient(70)];
  const given = read(get('/early'), early).catch((reason: unknown) => reason);
  const reads = [read(get('/a'), one), read(get('/b'), other), read(get('/c'), impatient(60))];
  early.giveUp();
  await turn();
  expect(await given).toBe(early.reason);
  const { paths, context, end } = sent[0] as Sent;
  expect(paths).toBe('/a /b /c');
  expect(context.remainingMs()).toBe(70);
  other.giveUp();
  await expect(reads[1]).rejects.toBe(other.reason);
  expect(context.remainingMs()).toBe(60);
  one.giveUp();
  await expect(reads[0]).rejects.toBe(one.reason);
  expect(context.signal.aborted).toBe(false);
  end.resolve([[], [], []]);
  expect(await reads[2]).toEqual([]);
});

test('the signal of all fires when the last gives up', async () => {
  const { sent, read } = open();
  const callers = [impatient(), impatient()];
  const reads = callers.map((caller) => read(get('/a'), caller));
  await turn();
  for (const { giveUp } of callers) giveUp();
  expect(sent[0]?.context.signal.aborted).toBe(true);
  expect(await Promise.allSettled(reads)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
});

test('what fails for all is an error of its own for each', async () => {
  const { sent, read } = open();
  const reads = ['/a', '/b'].map((path) => read(get(path)));
  await turn();
  const failure = new HoldfastError('UNAVAILABLE', 'gone');
  sent[0]?.end.reject(failure);
  const errors = (await Promise.allSettled(reads)).map((it) => (it as PromiseRejectedResult).reason as unknown);
  for (const error of errors) expect(error).toMatchObject({ code: 'UNAVAILABLE' });
  expect(new Set([...errors, failure]).size).toBe(3);
});
