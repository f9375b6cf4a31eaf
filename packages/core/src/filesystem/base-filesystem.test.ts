import { expect, test } from 'vitest';
import { bytes, textOf } from '../../test/support/bytes.ts';
import { JUNK, THROWERS } from '../../test/support/hostile.ts';
import { EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { RootFilesystem } from './root-filesystem.ts';

failOnUnhandledRejections();

const entry = { body: bytes('x') };
type Call = (filesystem: RootFilesystem, path: string) => Promise<unknown>;
const CALLS: Readonly<Record<string, Call>> = {
  get: (filesystem, path) => filesystem.get(path),
  put: (filesystem, path) => filesystem.put(path, entry, 'any'),
  delete: (filesystem, path) => filesystem.delete(path, 'any'),
  list: (filesystem, path) => filesystem.list(path),
  entries: (filesystem, path) => filesystem.entries(path).next(),
};
const MUTATIONS = ['put', 'delete'];

test.each(Object.entries(CALLS))(
  '%s rejects a bad path, never throws, and calls no backend',
  async (operation, call) => {
    await using filesystem = new MapFilesystem();
    const bad = [
      'a',
      '/a/',
      '/../a',
      '/a\u0000',
      '/e\u0301',
      '/\ud83d',
      ...JUNK,
      ...THROWERS.map(([, make]) => make()),
    ];
    for (const path of bad) {
      const error = await typedRejection(call(filesystem, path as string));
      expect(error).toMatchObject({ code: 'INVALID_PATH', operation, path: undefined });
      expect(error.outcome).toBe(MUTATIONS.includes(operation) ? 'not-applied' : undefined);
    }
    expect(filesystem.calls).toEqual([]);
  },
);

test('the root can be listed and asked about, and is no entry', async () => {
  await using filesystem = new MapFilesystem();
  expect(await filesystem.list('/')).toEqual({ children: [], next: undefined });
  expect((await filesystem.entries('/').next()).done).toBe(true);
  expect(filesystem.capabilitiesAt('/')).toBe(EVERYTHING);
  for (const operation of ['get', 'put', 'delete']) {
    expect(await typedRejection((CALLS[operation] as Call)(filesystem, '/'))).toMatchObject({ code: 'INVALID_PATH' });
  }
});

test('capabilitiesAt throws for a bad path, and names itself', () => {
  const filesystem = new MapFilesystem();
  for (const path of ['a', '/a/', undefined, null, 1]) {
    const error = typedThrow(() => filesystem.capabilitiesAt(path as string));
    expect(error).toMatchObject({ code: 'INVALID_PATH', operation: 'capabilitiesAt' });
  }
});

test('an adapter that cannot tell its capabilities fails typed, and nothing is sent', async () => {
  await using filesystem = new MapFilesystem();
  Object.assign(filesystem, {
    _capabilitiesAt: () => {
      throw new Error('raw');
    },
  });
  expect(typedThrow(() => filesystem.capabilitiesAt('/a'))).toMatchObject({ code: 'BACKEND_FAILED' });
  for (const operation of MUTATIONS) {
    const error = await typedRejection((CALLS[operation] as Call)(filesystem, '/a'));
    expect(error).toMatchObject({ code: 'BACKEND_FAILED', operation, path: '/a' });
  }
  expect(filesystem.calls).toEqual([]);
});

test.each(Object.entries(CALLS))(
  '%s names itself and the path in the errors of the backend',
  async (operation, call) => {
    const mutates = MUTATIONS.includes(operation);
    const thrown: readonly unknown[] = [
      new HoldfastError('STORAGE_FULL', 'full'),
      new HoldfastError('BUSY', 'busy', { capability: 'cas', cause: 'driver' }),
      new Error('raw'),
      'text',
      undefined,
    ];
    for (const [nth, error] of thrown.entries()) {
      await using filesystem = new MapFilesystem();
      for (const on of ['_get', '_put', '_delete', '_scan'] as const) {
        // What follows a lost reply is not what this is about.
        filesystem.before(on, (_, count) => (on === '_get' && count > 1 ? undefined : Promise.reject(error)));
      }
      const seen = await typedRejection(call(filesystem, '/a'));
      const lost = mutates && nth >= 2;
      const code = nth === 0 ? 'STORAGE_FULL' : nth === 1 ? 'BUSY' : lost ? 'OUTCOME_UNKNOWN' : 'BACKEND_FAILED';
      expect(seen).toMatchObject({ code, operation, path: '/a' });
      expect(seen.outcome).toBe(mutates ? (lost ? 'unknown' : 'not-applied') : undefined);
    }
  },
);

test('a body is copied before the first await, on the way in', async () => {
  await using filesystem = new MapFilesystem();
  const body = bytes('old');
  const pending = filesystem.put('/a', { body }, 'any');
  body.fill(0);
  await pending;
  body.fill(1);
  expect(textOf(await filesystem.get('/a'))).toBe('old');
});

test('every write has a version of its own, also one of the same bytes', async () => {
  await using filesystem = new MapFilesystem();
  const versions = new Set<unknown>();
  for (let write = 0; write < 10; write += 1) versions.add((await filesystem.put('/a', entry, 'any')).version);
  expect(versions.size).toBe(10);
});

test('a put without an expectation is refused, and so is a delete', async () => {
  await using filesystem = new MapFilesystem();
  const careless = filesystem as unknown as {
    put(...args: unknown[]): Promise<unknown>;
    delete(path: string): Promise<unknown>;
  };
  expect((await typedRejection(careless.put('/a', entry))).code).toBe('INVALID_ARGUMENT');
  expect((await typedRejection(careless.delete('/a'))).code).toBe('INVALID_ARGUMENT');
  expect(filesystem.calls).toEqual([]);
});

test('what the caller gets wrong is found before what the backend cannot do, and that before the backend', async () => {
  await using filesystem = new MapFilesystem();
  filesystem.claims = undefined;
  const wrong = await typedRejection(filesystem.put('/a', { body: 'x' as never }, 'any'));
  expect(wrong.code).toBe('INVALID_ARGUMENT');
  expect((await typedRejection(filesystem.put('/a', entry, 'any'))).code).toBe('UNSUPPORTED');
});

test('what an adapter answers that is like an array and none is a failure of the backend', async () => {
  class Bytes extends MapFilesystem {
    override _list = async (): Promise<never> => new Uint8Array() as never;
    override _scan = async (): Promise<never> => new Uint8Array() as never;
  }
  await using filesystem = new Bytes();
  const failed = { code: 'BACKEND_FAILED' };
  expect(await typedRejection(filesystem.list('/'))).toMatchObject({ ...failed, operation: 'list' });
  expect(await typedRejection(filesystem.entries('/').next())).toMatchObject({ ...failed, operation: 'entries' });
});
