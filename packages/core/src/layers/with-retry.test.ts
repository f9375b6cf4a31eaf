import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { collect } from '../../test/support/collect.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { stranger } from '../../test/support/stranger.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { withRetry } from './with-retry.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entry = { body: Uint8Array.of(1) };

function busyUntil(nth: number, error = new HoldfastError('BUSY', 'held', { outcome: 'not-applied' })) {
  return (_context: unknown, call: number): void => {
    if (call < nth) throw error;
  };
}

/** Fails the first delete, and the put after the first. */
function busyOnce(nth: number, call: '_put' | '_delete'): void {
  if (nth === (call === '_put' ? 2 : 1)) throw new HoldfastError('BUSY', 'held');
}

async function retried<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  await vi.runAllTimersAsync();
  return work;
}

test('a definite BUSY is tried again until it is not, and the caller sees nothing of it', async () => {
  const backend = new MapFilesystem();
  const filesystem = withRetry(backend);
  for (const call of ['_get', '_put', '_delete', '_scan'] as const) backend.before(call, busyUntil(3));
  await retried(filesystem.put('/a', entry, 'absent'));
  expect(await retried(filesystem.get('/a'))).toMatchObject({ path: '/a' });
  expect((await retried(filesystem.list('/'))).children).toHaveLength(1);
  expect(await retried(filesystem.delete('/a', 'any'))).toEqual({ deleted: true });
  for (const call of ['_get', '_put', '_delete'] as const) expect(backend.count(call)).toBe(3);
});

test('after the last attempt the caller gets the BUSY itself', async () => {
  const backend = new MapFilesystem();
  const filesystem = withRetry(backend, { maxAttempts: 4, backoffMinMs: 1, random: () => 0.5 });
  backend.before('_put', busyUntil(100));
  const error = await typedRejection(retried(filesystem.put('/a', entry, 'any')));
  expect(error).toMatchObject({ code: 'BUSY', operation: 'put', path: '/a', outcome: 'not-applied' });
  expect(backend.count('_put')).toBe(4);
});

test.each([
  new HoldfastError('VERSION_MISMATCH', 'lost'),
  new HoldfastError('UNAVAILABLE', 'gone', { outcome: 'not-applied' }),
  new HoldfastError('OUTCOME_UNKNOWN', 'lost'),
  new HoldfastError('BUSY', 'who knows', { outcome: 'unknown' }),
  new HoldfastError('OVERLOADED', 'full'),
])('$code with outcome $outcome is not tried again', async (failure) => {
  const backend = new MapFilesystem();
  backend.before('_put', busyUntil(100, failure));
  await typedRejection(retried(withRetry(backend).put('/a', entry, 'any')));
  expect(backend.count('_put')).toBe(1);
});

test.each(['_get', '_put'] as const)(
  'a BUSY of unknown outcome of a stranger is not tried again (%s)',
  async (call) => {
    const busy = new HoldfastError('BUSY', 'who knows', { operation: 'put', outcome: 'unknown' });
    const calls: string[] = [];
    const fail = (): Promise<never> => (calls.push(call), Promise.reject(busy));
    const filesystem = withRetry(stranger(new MapFilesystem(), { get: fail, put: fail }));
    const work = call === '_get' ? filesystem.get('/a') : filesystem.put('/a', entry, 'any');
    expect(await typedRejection(retried(work))).toBe(busy);
    expect(calls).toHaveLength(1);
  },
);

test('no attempt begins after the deadline or the abort, and the deadline goes down with each', async () => {
  const backend = new MapFilesystem();
  const filesystem = withRetry(backend, { maxAttempts: 100, backoffMinMs: 10, backoffMaxMs: 10, random: () => 1 });
  backend.before('_put', busyUntil(1000));
  const late = await typedRejection(retried(filesystem.put('/a', entry, 'any', { timeoutMs: 35 })));
  expect(late).toMatchObject({ code: 'BUSY' });
  expect(backend.count('_put')).toBe(4);
  expect(backend.contexts[3]?.remainingMs()).toBeLessThanOrEqual(5);
  const abort = new AbortController();
  const aborted = typedRejection(filesystem.put('/a', entry, 'any', { signal: abort.signal }));
  await settled();
  abort.abort();
  expect(await aborted).toMatchObject({ code: 'ABORTED', outcome: 'not-applied', operation: 'put', path: '/a' });
  expect(backend.count('_put')).toBe(5);
  expect(vi.getTimerCount()).toBe(0);
});

test('who aborts during a pause is sent nothing more, also to a filesystem that ignores signals', async () => {
  const calls: string[] = [];
  const fail = (): Promise<never> => {
    calls.push('get');
    return Promise.reject(new HoldfastError('BUSY', 'held', { operation: 'get' }));
  };
  const filesystem = withRetry(stranger(new MapFilesystem(), { get: fail }));
  const abort = new AbortController();
  const get = typedRejection(filesystem.get('/a', { signal: abort.signal }));
  await settled();
  abort.abort();
  expect(await get).toMatchObject({ code: 'ABORTED', operation: 'get', path: '/a' });
  expect(calls).toEqual(['get']);
});

test('what a caller changes between attempts changes nothing', async () => {
  const backend = new MapFilesystem();
  backend.before('_put', busyUntil(2));
  const body = Uint8Array.of(1, 2, 3);
  const put = withRetry(backend).put('/a', { body }, 'any');
  body.fill(9);
  await retried(put);
  expect(backend.stored.get('/a')?.body).toEqual(Uint8Array.of(1, 2, 3));
});

test('what a caller changes in an expectation between attempts changes nothing', async () => {
  const backend = new MapFilesystem();
  const filesystem = withRetry(backend);
  await filesystem.put('/a', entry, 'absent');
  for (const call of ['_put', '_delete'] as const) backend.before(call, (_context, nth) => busyOnce(nth, call));
  const replaced = { version: String((await filesystem.get('/a'))?.version) };
  const put = filesystem.put('/a', entry, replaced);
  replaced.version = 'other';
  await retried(put);
  const deleted = { version: String((await filesystem.get('/a'))?.version) };
  const gone = filesystem.delete('/a', deleted);
  deleted.version = 'other';
  expect(await retried(gone)).toEqual({ deleted: true });
  expect([backend.count('_put'), backend.count('_delete')]).toEqual([3, 2]);
});

test('what is malformed is refused by the filesystem below, as it does that', async () => {
  const filesystem = withRetry(new MapFilesystem());
  const calls = [
    [filesystem.get('a'), 'get', 'INVALID_PATH'],
    [filesystem.put('/a', 5 as never, 'any'), 'put', 'INVALID_ARGUMENT'],
    [filesystem.put('/a', entry, '' as never), 'put', 'INVALID_ARGUMENT'],
    [filesystem.delete('/a', 'absent' as never), 'delete', 'INVALID_ARGUMENT'],
    [filesystem.list('/', 5 as never), 'list', 'INVALID_ARGUMENT'],
    [filesystem.entries('/', { limit: 5 } as never).next(), 'entries', 'INVALID_ARGUMENT'],
  ] as const;
  for (const [call, operation, code] of calls) expect(await typedRejection(call)).toMatchObject({ code, operation });
});

test('a source of jitter is asked for what is tried again only, so that it hides no other error', async () => {
  const backend = new MapFilesystem();
  const filesystem = withRetry(backend, {
    random: () => {
      throw new Error('boom');
    },
  });
  backend.before('_put', () => {
    throw new HoldfastError('OUTCOME_UNKNOWN', 'lost', { outcome: 'unknown' });
  });
  expect(await typedRejection(filesystem.put('/a', { body: new Uint8Array() }, 'absent'))).toMatchObject({
    code: 'OUTCOME_UNKNOWN',
    outcome: 'unknown',
  });
});

test('who stops an iteration early ends the one below', async () => {
  const below = new MapFilesystem();
  await below.put('/a', { body: new Uint8Array() }, 'any');
  let ended = 0;
  const entries = below.entries.bind(below);
  below.entries = async function* (...given) {
    try {
      yield* entries(...given);
    } finally {
      ended += 1;
    }
  };
  for await (const { path } of withRetry(below).entries('/')) {
    expect(path).toBe('/a');
    break;
  }
  expect(ended).toBe(1);
});

test('an iteration goes on behind the last entry it gave', async () => {
  const backend = new MapFilesystem();
  for (let n = 0; n < 5; n += 1) await backend.put(`/${n}`, entry, 'absent');
  let calls = 0;
  backend.before('_scan', () => {
    calls += 1;
    if (calls % 2 === 0) throw new HoldfastError('BUSY', 'held');
  });
  const paths = await retried(collect(withRetry(backend).entries('/', { pageSize: 2 })));
  expect(paths.map(({ path }) => path)).toEqual(['/0', '/1', '/2', '/3', '/4']);
});

test.each([{ maxAttempts: 0 }, { backoffMinMs: -1 }, { random: 1 }, { retries: 3 }, 5])(
  'options %o are refused',
  (options) => {
    expect(typedThrow(() => withRetry(new MapFilesystem(), options as never)).code).toBe('INVALID_ARGUMENT');
  },
);
