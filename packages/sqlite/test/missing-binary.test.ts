import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { HoldfastError } from '@holdfast/core';
import { afterEach, expect, test, vi } from 'vitest';
import { DRIVER } from '../src/binary-error.ts';
import { openSqlite } from '../src/index.ts';

afterEach(() => {
  vi.doUnmock('better-sqlite3');
});

test.each([
  [
    'compiled for another Node',
    'ERR_DLOPEN_FAILED',
    "The module '/secret-name/better_sqlite3.node' was compiled against",
  ],
  ['not there', 'MODULE_NOT_FOUND', "Cannot find module '/secret-name/build/Release/better_sqlite3.node'"],
  ['not there, of an older release', undefined, 'Could not locate the bindings file. Tried:\n → /secret-name'],
])('a driver whose binary is %s is UNSUPPORTED, and the message says what to do', async (_, code, message) => {
  const cause = Object.assign(new Error(message), code === undefined ? {} : { code });
  vi.doMock('better-sqlite3', () => ({
    default: function Database() {
      throw cause;
    },
  }));
  const error = await openSqlite({ file: ':memory:' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).toMatchObject({ code: 'UNSUPPORTED', operation: 'open', retryable: false });
  expect((error as HoldfastError).rawCause()).toBe(cause);
  expect((error as HoldfastError).message).toContain('npm rebuild better-sqlite3');
  expect(inspect(error) + JSON.stringify(error)).not.toContain('secret-name');
});

test('on a Node that the driver would crash, opening is refused before it is loaded', async () => {
  const { versions } = process;
  const load = vi.fn<() => object>(() => ({ default: undefined }));
  vi.doMock('better-sqlite3', load);
  Object.defineProperty(process, 'versions', { value: { ...versions, node: '22.0.0', napi: '9' }, configurable: true });
  try {
    const error = await openSqlite({ file: ':memory:' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'UNSUPPORTED', operation: 'open' });
    expect((error as HoldfastError).message).toMatch(
      /better-sqlite3 13\.\S+ needs Node 22\.14 or later.* this is Node 22\.0\.0/,
    );
    expect(load).not.toHaveBeenCalled();
  } finally {
    Object.defineProperty(process, 'versions', { value: versions, configurable: true });
  }
});

test.each([
  [
    'ERR_MODULE_NOT_FOUND',
    'UNSUPPORTED',
    `better-sqlite3 is not installed; run \`npm install better-sqlite3@"${DRIVER.range}"\``,
  ],
  ['ERR_DLOPEN_DISABLED', 'ACCESS_DENIED', "Node's permission model does not let better-sqlite3 be loaded"],
])('a driver that cannot be loaded for %s is told with what to do', async (code, expected, part) => {
  const failure = Object.assign(new Error('cannot find /secret-name'), { code });
  vi.doMock('better-sqlite3', () => ({
    get default(): never {
      throw failure;
    },
  }));
  const error = await openSqlite({ file: ':memory:' }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: expected, operation: 'open', retryable: false });
  expect((error as HoldfastError).message).toContain(part);
  expect(inspect(error) + JSON.stringify(error)).not.toContain('secret-name');
});

test('the range that is told is that of the manifest', async () => {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  expect(manifest.peerDependencies[DRIVER.name]).toBe(DRIVER.range);
});
