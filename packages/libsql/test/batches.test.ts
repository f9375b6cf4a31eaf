import type { GroupPort } from '@holdfast/test-support';
import { createClient, LibsqlError } from '@libsql/client';
import { describe, expect, test } from 'vitest';
import type { CreateClient, LibsqlClient, LibsqlTransaction } from '../src/client.ts';
import type { LibsqlConnection } from '../src/connection.ts';
import { FileConnection } from '../src/file-connection.ts';
import { openLibsql } from '../src/index.ts';
import { connectToServer } from '../src/open-server.ts';
import { RemoteConnection } from '../src/remote-connection.ts';
import { openGroupPort } from './support/group-port.ts';
import { refusals } from './support/rejection.ts';
import { makeScratch, type Scratch } from './support/scratch.ts';
import { makeTables, rawClient, serverConfig } from './support/server.ts';
import { makeWire } from './support/wire.ts';

const landed = { changed: [1] };
const refused = { error: expect.objectContaining({ outcome: 'not-applied' }) as Error };
/** A strict table takes no null for it. */
const wrong = { contentType: null as unknown as string };
const protocols = ['http', 'ws'] as const;

/** The driver's client on a file, which counts commits, but for what is given. */
function countingClient(
  { config }: Scratch,
  instead: (real: LibsqlTransaction) => Partial<LibsqlTransaction> = () => ({}),
) {
  const real = createClient({ url: config.url, concurrency: 1, timeout: 0 });
  let commits = 0;
  const client: LibsqlClient = {
    protocol: 'file',
    closed: false,
    execute: (statement) => real.execute(statement),
    batch: (statements, mode) => real.batch(statements, mode),
    executeMultiple: (sql) => real.executeMultiple(sql),
    reconnect: () => real.reconnect(),
    close: () => real.close(),
    async transaction(mode) {
      const transaction = await real.transaction(mode);
      return {
        execute: (statement) => transaction.execute(statement),
        executeMultiple: (sql) => transaction.executeMultiple(sql),
        commit: () => ((commits += 1), transaction.commit()),
        close: () => transaction.close(),
        ...instead(transaction),
      };
    },
  };
  return { client, commits: () => commits };
}

async function openFile(scratch: Scratch, instead?: (real: LibsqlTransaction) => Partial<LibsqlTransaction>) {
  const { client, commits } = countingClient(scratch, instead);
  await client.executeMultiple('pragma journal_mode = wal');
  const connection = new FileConnection({ client, owned: true, file: scratch.file, busyTimeoutMs: 20_000 });
  return { port: await openGroupPort(connection), commits };
}

const connect = (config: ReturnType<typeof serverConfig>) =>
  connectToServer(createClient as CreateClient, config, 20_000);

/** Writes what is hard, and looks whether it is as if the groups had been written one after the other. */
async function writeMixed(port: GroupPort): Promise<void> {
  await port.write(port.put('/there', 'absent'));
  const version = await port.version('/there');
  if (version === undefined) throw new Error('it is not there');
  const answers = await port.writeAll(
    [port.put('/a', 'absent')],
    [port.put('/there', 'absent')],
    [port.put('/b', 'absent'), port.check('/a', 'absent')],
    [port.put('/c', 'absent'), port.put('/d', 'absent', wrong)],
    [port.put('/e', 'absent', wrong)],
    [port.put('/f', 'absent'), port.delete('/there', version), port.delete('/nothing', 'any')],
    [port.check('/there', 'absent')],
    [port.put('/there', 'absent')],
    [port.delete('/there', version)],
    [port.put('/g', 'any')],
  );
  expect(answers).toEqual([
    landed,
    { unmet: [0] },
    { unmet: [1] },
    refused,
    refused,
    { changed: [1, 1, 0] },
    { changed: [0] },
    landed,
    { unmet: [0] },
    landed,
  ]);
  const paths = ['/a', '/b', '/c', '/d', '/e', '/f', '/g', '/there'];
  const there = await Promise.all(paths.map((path) => port.version(path)));
  expect(paths.filter((_, index) => there[index] !== undefined)).toEqual(['/a', '/f', '/g', '/there']);
}

describe('in a file', () => {
  test('groups of a list are one commit; what one is refused for, or does not find, is its own affair', async () => {
    await using scratch = await makeScratch();
    const { port, commits } = await openFile(scratch);
    const before = commits();
    await port.writeAll([port.put('/1', 'absent')], [port.put('/2', 'absent'), port.put('/3', 'absent')]);
    expect(commits()).toBe(before + 1);
    await writeMixed(port);
    // That of what is there first, and one of all that landed.
    expect(commits()).toBe(before + 3);
    await port.close();
  });

  test('a group by which the whole transaction is lost has that error, and the others land', async () => {
    await using scratch = await makeScratch();
    const { port } = await openFile(scratch, (real) => ({
      async execute(statement) {
        if (!statement.args.includes('/full')) return real.execute(statement);
        // As SQLite does by itself then.
        await real.executeMultiple('rollback');
        throw new LibsqlError('database or disk is full', 'SQLITE_FULL');
      },
    }));
    const answers = await port.writeAll(
      [port.put('/a', 'absent')],
      [port.put('/b', 'absent'), port.put('/full', 'absent')],
      [port.put('/c', 'absent')],
    );
    expect(answers).toEqual([
      landed,
      { error: expect.objectContaining({ code: 'STORAGE_FULL', outcome: 'not-applied' }) as Error },
      landed,
    ]);
    expect(await port.version('/b')).toBe(undefined);
    await port.close();
  });

  test('where a commit fails and nothing was applied, each group is written by itself', async () => {
    await using scratch = await makeScratch();
    let full = 0;
    const { port, commits } = await openFile(scratch, (real) => {
      let isFull = false;
      return {
        execute(statement) {
          isFull ||= statement.args.includes('/full');
          return real.execute(statement);
        },
        async commit() {
          if (!isFull) return real.commit();
          full += 1;
          await real.executeMultiple('rollback');
          throw new LibsqlError('database or disk is full', 'SQLITE_FULL');
        },
      };
    });
    const answers = await port.writeAll(
      [port.put('/a', 'absent')],
      [port.put('/full', 'absent')],
      [port.put('/b', 'absent')],
    );
    expect(answers).toEqual([
      landed,
      { error: expect.objectContaining({ code: 'STORAGE_FULL', outcome: 'not-applied' }) as Error },
      landed,
    ]);
    expect([full, commits()]).toEqual([2, 0]);
    await port.close();
  });

  test('who gives up while a lock of somebody else is waited for leaves, and the others land', async () => {
    await using scratch = await makeScratch();
    await using store = await openLibsql({ config: scratch.config, busyTimeoutMs: 60_000 });
    const holder = await scratch.raw().transaction('write');
    const gaveUp = new AbortController();
    const body = new Uint8Array([1]);
    const puts = ['/a', '/b', '/c'].map((path) =>
      store.put(path, { body }, 'absent', path === '/b' ? { signal: gaveUp.signal } : {}),
    );
    const given = refusals([puts[1] as Promise<unknown>]);
    await new Promise(setImmediate);
    gaveUp.abort();
    expect(await given).toEqual(['ABORTED not-applied']);
    await holder.commit();
    await Promise.all([puts[0], puts[2]]);
    expect((await store.list('/')).children.map(({ name }) => name)).toEqual(['a', 'c']);
  });
});

test('in memory groups that are refused leave the others alone', async () => {
  const client = createClient({ url: ':memory:' });
  const port = await openGroupPort(new FileConnection({ client, owned: true, file: '', busyTimeoutMs: 0 }));
  await writeMixed(port);
  expect(await port.version('/e')).toBe(undefined);
  await port.close();
});

describe.each(protocols)('on a server (%s)', (protocol) => {
  test('groups of a list are one round trip, and one more for each that is refused', async () => {
    await using wire = await makeWire();
    await using tables = makeTables();
    const port = await openGroupPort(connect(wire.config(protocol)), tables.tablePrefix);
    const puts = Array.from({ length: 40 }, (_, n) => [port.put(`/${n}`, 'absent')] as const);
    let before = wire.roundTrips();
    expect(await port.writeAll(...puts)).toEqual(puts.map(() => landed));
    expect(wire.roundTrips()).toBe(before + 1);
    before = wire.roundTrips();
    await writeMixed(port);
    // Before and after it are a put, a look at its version and eight at what is there.
    expect(wire.roundTrips() - before).toBeLessThanOrEqual(2 + 3 + 8);
    await port.close();
  });

  test('groups whose reply is lost are unknown, each with an error of its own, and there as a whole', async () => {
    await using wire = await makeWire();
    await using tables = makeTables();
    const port = await openGroupPort(connect(wire.config(protocol)), tables.tablePrefix);
    const witness = await openGroupPort(connect(serverConfig()), tables.tablePrefix);
    await port.write(port.put('/a', 'absent'));
    const writeAll = () => port.writeAll([port.put('/b', 'absent'), port.delete('/a', 'any')], [port.put('/c', 'any')]);
    wire.hold();
    const writing = writeAll();
    await expect.poll(() => witness.version('/c')).not.toBe(undefined);
    wire.cut();
    const errors = (await writing).map((answer) => ('error' in answer ? answer.error : undefined));
    for (const error of errors) expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' });
    expect(errors[0]).not.toBe(errors[1]);
    expect([await witness.version('/a'), (await witness.version('/b')) === undefined]).toEqual([undefined, false]);
    for (const each of [port, witness]) await each.close();
  });

  test('groups whose connection is cut before the server hears of them are unknown, and not there', async () => {
    await using wire = await makeWire();
    await using tables = makeTables();
    const port = await openGroupPort(connect(wire.config(protocol)), tables.tablePrefix);
    const witness = await openGroupPort(connect(serverConfig()), tables.tablePrefix);
    await port.write(port.put('/a', 'absent'));
    wire.hold({ requests: false });
    const before = wire.roundTrips();
    const writing = port.writeAll([port.put('/b', 'absent')], [port.put('/c', 'any')]);
    await expect.poll(() => wire.roundTrips()).toBe(before + 1);
    wire.letGo();
    for (const answer of await writing)
      expect(answer).toMatchObject({ error: { code: 'UNAVAILABLE', outcome: 'unknown' } });
    expect([await witness.version('/b'), await witness.version('/c')]).toEqual([undefined, undefined]);
    await port.write(port.put('/b', 'absent'));
    for (const each of [port, witness]) await each.close();
  });

  test('what is too much for one request is several, and a group that is by itself is not sent', async () => {
    await using tables = makeTables();
    const client = rawClient(serverConfig(protocol));
    let requests = 0;
    const counted = {
      protocol,
      execute: (...args: Parameters<typeof client.execute>) => ((requests += 1), client.execute(...args)),
      batch: (...args: Parameters<typeof client.batch>) => ((requests += 1), client.batch(...args)),
    } as unknown as LibsqlClient;
    const connection: LibsqlConnection = new RemoteConnection({
      clientFor: () => counted,
      close: () => client.close(),
      concurrency: 20,
      busyTimeoutMs: 0,
      mostRequestBytes: 20_000,
    });
    const port = await openGroupPort(connection, tables.tablePrefix);
    const body = { body: new Uint8Array(5000) };
    const large = { body: new Uint8Array(15_000) };
    requests = 0;
    const answers = await port.writeAll(
      [port.put('/a', 'absent', body)],
      [port.put('/b', 'absent', large)],
      [port.put('/c', 'absent', body)],
      [port.put('/d', 'absent', body), port.put('/e', 'absent', large)],
      [port.put('/f', 'absent', body)],
    );
    expect(requests).toBe(2);
    const tooLarge = (code: string) => ({ error: expect.objectContaining({ code, outcome: 'not-applied' }) as Error });
    expect(answers).toEqual([landed, tooLarge('BODY_TOO_LARGE'), landed, tooLarge('COMMIT_TOO_LARGE'), landed]);
    await port.close();
  });

  test('reads of many entries that are asked for together are one round trip', async () => {
    await using wire = await makeWire();
    await using tables = makeTables();
    await using store = await openLibsql({ config: wire.config(protocol), ...tables.options });
    const paths = Array.from({ length: 40 }, (_, n) => `/${n}`);
    let before = wire.roundTrips();
    await Promise.all(paths.map((path, n) => store.put(path, { body: new Uint8Array([n]) }, 'absent')));
    expect(wire.roundTrips()).toBe(before + 1);
    before = wire.roundTrips();
    const found = await Promise.all([...paths, '/nothing'].map((path) => store.get(path)));
    expect(wire.roundTrips()).toBe(before + 1);
    expect(found.map((entry) => entry?.body[0])).toEqual([...paths.keys(), undefined]);
  });
});

test('reads that are too much for one answer are each answered all the same', async () => {
  await using tables = makeTables();
  await using store = await openLibsql({ config: serverConfig(), ...tables.options });
  const body = new Uint8Array(4 * 1024 * 1024).fill(7);
  const paths = ['/a', '/b', '/c'];
  for (const path of paths) await store.put(path, { body }, 'absent');
  const found = await Promise.all(paths.map((path) => store.get(path)));
  expect(found.map((entry) => entry?.body.byteLength)).toEqual(paths.map(() => body.byteLength));
});
