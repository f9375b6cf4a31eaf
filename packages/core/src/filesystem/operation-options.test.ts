import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { countingController } from '../../test/support/counting-signal.ts';
import { THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import type { RootFilesystem } from './root-filesystem.ts';
import { parseEntriesOptions } from '../operations/entries/entries-options.ts';
import { parseListOptions } from '../operations/list/list-options.ts';
import { MAX_TIMEOUT_MS, parseOperationOptions } from './operation-options.ts';

const { signal } = new AbortController();

test('nothing, and an empty bag, mean no signal and no deadline', () => {
  for (const value of [undefined, {}, { signal: undefined, timeoutMs: undefined }]) {
    expect(parseOperationOptions(value)).toEqual({ signal: undefined, timeoutMs: undefined });
  }
});

test.each([0, 0.5, 1, 1e9, MAX_TIMEOUT_MS])('%d is a timeout', (timeoutMs) => {
  expect(parseOperationOptions({ timeoutMs }).timeoutMs).toBe(timeoutMs);
});

test.each([-1, -0.1, MAX_TIMEOUT_MS + 1, Number.NaN, Infinity, '100', 100n, null, true, [100]])(
  '%o is no timeout',
  (timeoutMs) => {
    expect(typedThrow(() => parseOperationOptions({ timeoutMs })).code).toBe('INVALID_ARGUMENT');
  },
);

test('a signal of another realm, and whatever else works like one, is taken', () => {
  const { signal: imitation } = countingController();
  for (const given of [signal, imitation, AbortSignal.abort(), AbortSignal.timeout(1e6)]) {
    expect(parseOperationOptions({ signal: given }).signal).toBe(given);
  }
  const foreign = runInNewContext('new Controller().signal', { Controller: AbortController }) as AbortSignal;
  expect(parseOperationOptions({ signal: foreign }).signal).toBe(foreign);
});

test.each([
  null,
  true,
  'signal',
  {},
  { aborted: false },
  { aborted: 'no', addEventListener() {}, removeEventListener() {} },
  { aborted: false, addEventListener() {} },
  new AbortController(),
])('%# is no signal', (value) => {
  expect(typedThrow(() => parseOperationOptions({ signal: value })).code).toBe('INVALID_ARGUMENT');
});

test('the options of list have bounds', () => {
  expect(parseListOptions({ after: 'a', limit: 1000 })).toMatchObject({ after: 'a', limit: 1000 });
  expect(parseListOptions(undefined)).toMatchObject({ after: undefined, limit: 100 });
  for (const bad of [{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { limit: '1' }, { limit: null }, { pageSize: 1 }]) {
    expect(typedThrow(() => parseListOptions(bad)).code).toBe('INVALID_ARGUMENT');
  }
  for (const after of ['', '/', '/a', 'a/b', '.', '..', 'e\u0301', null, 1, Symbol('a')]) {
    expect(typedThrow(() => parseListOptions({ after })).code).toBe('INVALID_ARGUMENT');
  }
});

test('the options of entries have bounds', () => {
  expect(parseEntriesOptions({ after: '/a', pageSize: 1 })).toMatchObject({ after: '/a', pageSize: 1 });
  expect(parseEntriesOptions({ pageBytes: 1 })).toMatchObject({ pageBytes: 1 });
  expect(parseEntriesOptions(undefined)).toMatchObject({ after: undefined, pageSize: 100, pageBytes: 32 * 1024 ** 2 });
  const badBytes = [0, 1.5, 32 * 1024 ** 2 + 1, '1', null].map((pageBytes) => ({ pageBytes }));
  for (const bad of [{ pageSize: 0 }, { pageSize: 1001 }, { limit: 1 }, ...badBytes]) {
    expect(typedThrow(() => parseEntriesOptions(bad)).code).toBe('INVALID_ARGUMENT');
  }
  for (const after of ['', '/', 'a', '/a/', null, 1]) {
    expect(typedThrow(() => parseEntriesOptions({ after })).code).toBe('INVALID_PATH');
  }
});

const body = Uint8Array.of(1);
const CALLS: readonly (readonly [string, (fs: RootFilesystem, options: never) => Promise<unknown>])[] = [
  ['get', (fs, options) => fs.get('/a', options)],
  ['put', (fs, options) => fs.put('/a', { body }, 'any', options)],
  ['delete', (fs, options) => fs.delete('/a', 'any', options)],
  ['list', (fs, options) => fs.list('/a', options)],
  ['entries', (fs, options) => fs.entries('/a', options).next()],
];

test.each(CALLS)(
  '%s names itself and the path when its options are refused, and calls no backend',
  async (operation, call) => {
    await using filesystem = new MapFilesystem();
    const hostile = [
      () => throwingGetter('signal'),
      () => throwingGetter('timeoutMs'),
      () => ({ signal: throwingGetter('aborted') }),
      ...THROWERS.map(([, make]) => make),
    ];
    for (const make of [() => null, () => 1, () => ({ timeout: 1 }), () => ({ timeoutMs: -1 }), ...hostile]) {
      const error = await typedRejection(call(filesystem, make() as never));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation, path: '/a' });
      expect(error.outcome).toBe(operation === 'put' || operation === 'delete' ? 'not-applied' : undefined);
    }
    expect(filesystem.calls).toEqual([]);
  },
);
