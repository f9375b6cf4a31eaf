import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import type { Snapshot } from '../src/entries/entry.ts';
import type { OperationOptions } from '../src/filesystem/operation-options.ts';
import type { EntriesOptions, RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { withConcurrencyLimit } from '../src/layers/with-concurrency-limit.ts';
import { withTimeout } from '../src/layers/with-timeout.ts';
import { WRITE_GRACE_MS } from '../src/operations/until-over.ts';
import { collect } from './support/collect.ts';
import { WRAPS } from './support/core-wrappers.ts';
import { deferred, never } from './support/deferred.ts';
import { ROOMY } from './support/encrypted.ts';
import { followGlobals } from './support/follow-globals.ts';
import { MapFilesystem } from './support/map-filesystem.ts';
import { typedRejection } from './support/rejection.ts';
import { stranger } from './support/stranger.ts';
import { failOnUnhandledRejections, settled } from './support/unhandled.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
afterEach(() => void vi.useRealTimers());

const entry = { body: Uint8Array.of(1) };
const wraps = Object.entries(WRAPS).filter(([name]) => name !== 'nothing');

/** An adapter that has overridden what callers see. */
class Overridden extends MapFilesystem {
  readonly asked: string[] = [];

  override get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    this.asked.push('get');
    return super.get(path, options);
  }

  override entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    this.asked.push('entries');
    return super.entries(prefix, options);
  }
}

test.each(wraps)('who has overridden a public method is asked by it through %s', async (_, wrap) => {
  const backend = new Overridden(ROOMY);
  const filesystem = wrap(backend);
  await filesystem.put('/a', entry, 'absent');
  expect(backend.asked).toEqual([]);
  await filesystem.get('/a');
  expect(await collect(filesystem.entries('/'))).toHaveLength(1);
  await casUpdate(filesystem, '/n', jsonCodec<number>({ kind: 'n' }), () => CasApply.write(1));
  expect(backend.asked).toEqual(['get', 'entries', 'get']);
});

/** Every call of it hangs, whatever it is told. */
function hanging(): RootFilesystem {
  const entries = () => ({ next: never, return: async () => ({ done: true }) });
  return stranger(new MapFilesystem(ROOMY), { get: never, put: never, delete: never, list: never, entries });
}

test.each(wraps)('a stranger that keeps to no deadline is left behind through %s', async (_, wrap) => {
  vi.useFakeTimers();
  const filesystem = withTimeout(wrap(hanging()), { timeoutMs: 100 });
  const calls = {
    get: filesystem.get('/a'),
    list: filesystem.list('/a'),
    entries: filesystem.entries('/a').next(),
    put: filesystem.put('/a', entry, 'any'),
    delete: filesystem.delete('/a', 'any'),
  };
  const errors = Promise.all(
    Object.entries(calls).map(async ([operation, call]) => {
      const outcome = operation === 'put' || operation === 'delete' ? 'unknown' : undefined;
      expect(await typedRejection(call as Promise<unknown>)).toMatchObject({
        code: 'TIMEOUT',
        operation,
        path: '/a',
        outcome,
      });
    }),
  );
  await settled();
  await vi.advanceTimersByTimeAsync(100 + WRITE_GRACE_MS);
  await errors;
});

test('a permit outlasts the caller also below it, until the stranger answers', async () => {
  const held = deferred();
  const get = async (): Promise<undefined> => {
    await held.promise;
  };
  const filesystem = withConcurrencyLimit(stranger(new MapFilesystem(), { get }), { reads: { limit: 1 } });
  const abort = new AbortController();
  const aborted = typedRejection(filesystem.get('/a', { signal: abort.signal }));
  await settled();
  abort.abort();
  expect(await aborted).toMatchObject({ code: 'ABORTED' });
  expect(filesystem.usage().reads.running).toBe(1);
  held.resolve();
  await settled();
  expect(filesystem.usage().reads.running).toBe(0);
});

test.each(wraps)('who has given up before the call asks a stranger for nothing through %s', async (_, wrap) => {
  const backend = new MapFilesystem(ROOMY);
  // Which it does not see itself.
  const filesystem = wrap(stranger(backend, {}, () => undefined));
  for (const options of [{ timeoutMs: 0 }, { signal: AbortSignal.abort() }]) {
    for (const call of [filesystem.get('/a', options), filesystem.put('/a', entry, 'any', options)]) {
      expect((await typedRejection(call)).code).toMatch(/^(TIMEOUT|ABORTED)$/);
    }
  }
  expect(backend.calls).toEqual([]);
});
