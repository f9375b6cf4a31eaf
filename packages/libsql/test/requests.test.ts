import { expect, test } from 'vitest';
import { openLibsql, type LibsqlConfig } from '../src/index.ts';
import { refusal } from './support/rejection.ts';
import { makeTables, serverConfig } from './support/server.ts';

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
