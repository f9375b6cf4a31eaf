import { expect, test } from 'vitest';
import { openLibsql, type LibsqlConfig } from '../src/index.ts';
import { refusal } from './support/rejection.ts';
import { makeTables, serverConfig } from './support/server.ts';
import { makeWire } from './support/wire.ts';

const body = new Uint8Array([1]);

test('every request over HTTP asks for an answer that is not compressed, and a fetch can ask otherwise', async () => {
  await using tables = makeTables();
  const asked: (string | null)[] = [];
  const config: LibsqlConfig = {
    ...serverConfig('http'),
    fetch: (request, options) => {
      asked.push(request.headers.get('accept-encoding'));
      request.headers.set('accept-encoding', 'gzip');
      return fetch(request, options);
    },
  };
  await using store = await openLibsql({ config, ...tables.options });
  const opened = asked.length;
  expect(opened).toBeGreaterThan(0);
  const { version } = await store.put('/a', { body }, 'absent');
  expect((await store.get('/a'))?.body).toEqual(body);
  await store.list('/');
  await store.delete('/a', { version });
  expect(asked).toEqual(Array(opened + 4).fill('identity'));
});

test.each([401, 403])('a server that refuses access with %i, and why in JSON, has applied nothing', async (status) => {
  await using tables = makeTables();
  let refuses = false;
  const config: LibsqlConfig = {
    ...serverConfig('http'),
    fetch: (request, options) =>
      refuses ? Promise.resolve(Response.json({ message: 'not you' }, { status })) : fetch(request, options),
  };
  await using store = await openLibsql({ config, ...tables.options });
  const { version } = await store.put('/a', { body }, 'absent');
  refuses = true;
  expect(await refusal(store.put('/a', { body }, { version }))).toBe('ACCESS_DENIED not-applied');
  expect(await refusal(store.delete('/a', 'any'))).toBe('ACCESS_DENIED not-applied');
  expect(await refusal(store.get('/a'))).toBe('ACCESS_DENIED');
});

test.each(['http', 'ws'] as const)('each method is one round trip (%s)', async (protocol) => {
  await using wire = await makeWire();
  await using tables = makeTables();
  await using store = await openLibsql({ config: wire.config(protocol), ...tables.options });
  const count = async (work: () => Promise<unknown>): Promise<number> => {
    const before = wire.roundTrips();
    await work();
    return wire.roundTrips() - before;
  };
  for (let times = 0; times < 2; times += 1) {
    expect(await count(() => store.put('/a/b', { body }, 'absent'))).toBe(1);
    expect(await count(() => store.get('/a/b'))).toBe(1);
    expect(await count(() => store.list('/'))).toBe(1);
    expect(await count(() => store.delete('/a/b', 'any'))).toBe(1);
  }
});

test('a page of large bodies is one request too, of what an answer may be long', async () => {
  await using tables = makeTables();
  let requests = 0;
  const config: LibsqlConfig = {
    ...serverConfig('http'),
    fetch: (request, options) => {
      requests += 1;
      return fetch(request, options);
    },
  };
  await using store = await openLibsql({ config, ...tables.options });
  // The last one makes an answer just short of 10 MB; one more of them would not have room.
  const lengths = [1, ...Array.from({ length: 3 }, () => 1024 * 1024 - 1), 4 * 1024 * 1024, 4 * 1024 * 1024];
  for (const [index, length] of lengths.entries())
    await store.put(`/${index}`, { body: new Uint8Array(length) }, 'any');
  requests = 0;
  const seen: number[] = [];
  for await (const entry of store.entries('/')) seen.push(entry.body.byteLength);
  expect(seen).toEqual(lengths);
  // For all but the last, for that, and to see that there are no more.
  expect(requests).toBe(3);
});
