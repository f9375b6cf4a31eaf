import { inspect } from 'node:util';
import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openLibsql, type LibsqlOptions } from './index.ts';
import { parseConfig } from './parse-config.ts';

const SECRET = 'canary-7f3a';

/** What opening is refused with, of which nothing shows a value. */
async function refusalOf(config: object): Promise<HoldfastError> {
  const error: unknown = await openLibsql({ config } as LibsqlOptions).then(
    (store) => store.close(),
    (thrown: unknown) => thrown,
  );
  if (!isHoldfastError(error)) throw error ?? new Error('it was opened');
  expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(SECRET);
  return error;
}

const NO_TEXT: readonly unknown[] = [5, null, '', {}, `${SECRET}\0`];
const NO_HEADER: readonly unknown[] = [
  5,
  null,
  '',
  {},
  ` ${SECRET}`,
  ...['\0', '\n', '\r\nx: y', '\u0001', '\u007F', '€'].map((odd) => SECRET + odd),
];
const NO_FLAG: readonly unknown[] = [0, 1, null, '', 'true', SECRET];
const NO_AMOUNT: readonly unknown[] = ['5', null, -1, Number.NaN, 5n];

const refused: Readonly<Record<string, readonly unknown[]>> = {
  url: [undefined, ...NO_TEXT],
  authToken: NO_HEADER,
  syncUrl: NO_TEXT,
  tls: NO_FLAG,
  encryptionKey: NO_TEXT,
  remoteEncryptionKey: NO_HEADER,
  concurrency: [0, -1, 1.5, 1001, Number.NaN, Infinity, '5', null, 5n],
  fetch: [5, null, '', SECRET, {}],
  intMode: ['', 'int', SECRET, 5, null],
  timeout: NO_AMOUNT,
  syncInterval: NO_AMOUNT,
  readYourWrites: NO_FLAG,
  offline: NO_FLAG,
};

const cases = Object.entries(refused).flatMap(([key, values]) =>
  values.map((value) => [key, inspect(value), value] as const),
);

test.each(cases)(
  'a config whose %s is %s is refused by that name, wherever the database is',
  async (key, _shown, value) => {
    for (const url of ['http://127.0.0.1:1', 'ws://127.0.0.1:1', ':memory:']) {
      const error = await refusalOf({ url, [key]: value });
      expect([error.code, error.operation]).toEqual(['INVALID_ARGUMENT', 'open']);
      expect(error.message).toMatch(new RegExp(`^config\\.${key} must be `));
    }
  },
);

test('a config of which every key is in use is taken as it is', () => {
  const config = {
    url: 'libsql://host',
    authToken: 'a b\tc.d_e-f~\u00E4',
    syncUrl: 'https://host',
    tls: false,
    encryptionKey: 'any\nthing \u2713',
    remoteEncryptionKey: 'a2V5==',
    concurrency: 1000,
    fetch: () => Promise.reject(new Error('not called')),
    intMode: 'bigint',
    timeout: 0,
    syncInterval: 0.5,
    readYourWrites: true,
    offline: false,
  };
  expect(parseConfig(config)).toEqual(config);
  expect(parseConfig({ ...config, authToken: undefined })).toMatchObject({ authToken: undefined });
  expect(Object.keys(config).toSorted()).toEqual(Object.keys(refused).toSorted());
});

const http = ['http', 'https', 'libsql'];

test.each([
  ...['http', 'https', 'libsql', 'ws', 'wss'].flatMap((it) => [`${it}://`, `${it}://a b`, `${it}://h:99999`]),
  'http://h/\uD800',
  ...http.map((it) => `${it}://${SECRET}:x@h`),
  ...http.map((it) => `${it}://h?authToken=${SECRET}%0A`),
])('what no request can be made of is refused when opening: %j', async (url) => {
  for (const config of [{ url }, { url: 'file:replica.db', syncUrl: url }]) {
    expect((await refusalOf(config)).code).toBe('INVALID_ARGUMENT');
  }
});
