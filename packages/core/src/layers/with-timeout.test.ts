import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { never } from '../../test/support/deferred.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { withTimeout } from './with-timeout.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entry = { body: Uint8Array.of(1) };

test('every call that hangs ends at the deadline of the layer', async () => {
  const backend = new MapFilesystem();
  const filesystem = withTimeout(backend, { timeoutMs: 100 });
  for (const call of ['_get', '_put', '_delete', '_scan'] as const) backend.before(call, never);
  const calls = {
    get: filesystem.get('/a'),
    put: filesystem.put('/a', entry, 'any'),
    delete: filesystem.delete('/a', 'any'),
    list: filesystem.list('/a'),
    entries: filesystem.entries('/a').next(),
  };
  const errors = Object.entries(calls).map(async ([operation, call]) => {
    const outcome = operation === 'put' || operation === 'delete' ? 'unknown' : undefined;
    expect(await typedRejection(call)).toMatchObject({ code: 'TIMEOUT', operation, path: '/a', outcome });
  });
  await vi.advanceTimersByTimeAsync(100 + 250);
  await Promise.all(errors);
});

test('the shorter of two deadlines counts', async () => {
  const backend = new MapFilesystem();
  const filesystem = withTimeout(backend, { timeoutMs: 100 });
  await filesystem.get('/a', { timeoutMs: 10 });
  await filesystem.get('/a', { timeoutMs: 1000 });
  await filesystem.get('/a');
  expect(backend.contexts.map((context) => Math.round(context.remainingMs()))).toEqual([10, 100, 100]);
});

test('options that change when they are looked at again get nobody past the deadline', async () => {
  const backend = new MapFilesystem();
  const filesystem = withTimeout(backend, { timeoutMs: 5 });
  let looks = 0;
  const options = Object.defineProperty({}, 'timeoutMs', {
    get: () => (looks++ === 0 ? -1 : undefined),
    enumerable: true,
  });
  expect((await typedRejection(filesystem.get('/a', options))).code).toBe('INVALID_ARGUMENT');
  expect(backend.calls).toEqual([]);
});

test('what the options of a call should not be is refused below', async () => {
  const filesystem = withTimeout(new MapFilesystem(), { timeoutMs: 100 });
  for (const options of [5, null, { timeoutMs: -1 }, { timeout: 1 }, { signal: {} }]) {
    const error = await typedRejection(filesystem.get('/a', options as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'get', path: '/a' });
  }
});

test.each([undefined, {}, { timeoutMs: -1 }, { timeoutMs: '1' }, { timeoutMs: Infinity }, { ms: 1 }])(
  'options %o are refused',
  (options) => {
    const error = typedThrow(() => withTimeout(new MapFilesystem(), options as never));
    expect(error.code).toBe('INVALID_ARGUMENT');
  },
);
