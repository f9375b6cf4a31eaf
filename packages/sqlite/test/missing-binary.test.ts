import { inspect } from 'node:util';
import { HoldfastError } from '@holdfast/core';
import { afterEach, expect, test, vi } from 'vitest';
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
])('a driver whose binary is %s is UNAVAILABLE, and the message says what to do', async (_, code, message) => {
  const cause = Object.assign(new Error(message), code === undefined ? {} : { code });
  vi.doMock('better-sqlite3', () => ({
    default: function Database() {
      throw cause;
    },
  }));
  const error = await openSqlite({ file: ':memory:' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).toMatchObject({ code: 'UNAVAILABLE', operation: 'open' });
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
