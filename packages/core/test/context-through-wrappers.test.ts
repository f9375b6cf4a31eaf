import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import type { RecordCodec } from '../src/codecs/record-codec.ts';
import { SATURATION_CHANNEL } from '../src/diagnostics/saturation.ts';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import { OPERATION_CHANNEL } from '../src/layers/tracing/operation-message.ts';
import { withConcurrencyLimit } from '../src/layers/with-concurrency-limit.ts';
import { withRetry } from '../src/layers/with-retry.ts';
import { withTracing } from '../src/layers/with-tracing.ts';
import { commit } from '../src/operations/commit/commit.ts';
import { transact } from '../src/transact/transact.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import { CommittingFilesystem } from './support/committing-filesystem.ts';
import { collect } from './support/collect.ts';
import { WRAPS, type Wrap } from './support/core-wrappers.ts';
import { ROOMY } from './support/encrypted.ts';
import { MapFilesystem, type BackendCall } from './support/map-filesystem.ts';
import { typedRejection } from './support/rejection.ts';
import { failOnUnhandledRejections, settled } from './support/unhandled.ts';

failOnUnhandledRejections();

const numbers = jsonCodec<number>({ kind: 'n' });
const CALLS = 200;
const entry = { body: Uint8Array.of(1) };
const BACKEND_CALLS: readonly BackendCall[] = ['_get', '_put', '_delete', '_commit', '_scan'];

/** The request that something belongs to: the name of the directory that it works in. */
const request = new AsyncLocalStorage<string>();
const elsewhere = request.run('another', () => AsyncLocalStorage.snapshot());

/** Everything that queues, in the order in which a call meets it, and each wrapper alone. */
const EVERY_WRAP: Readonly<Record<string, Wrap>> = {
  ...WRAPS,
  'a limit of one': (filesystem) =>
    withConcurrencyLimit(filesystem, { reads: { limit: 1, queue: 10_000 }, writes: { limit: 1, queue: 10_000 } }),
};

/** Runs the same in many requests at once. */
function inRequests<T>(run: (directory: string) => Promise<T>): Promise<T[]> {
  return Promise.all(
    Array.from({ length: CALLS }, (_, n) => request.run(`r${n}`, () => run(`/${request.getStore() ?? ''}`))),
  );
}

/** Whose context each thing was seen in that did not belong there. */
class Misplaced {
  readonly found: string[] = [];
  seen = 0;

  check(what: string, path: string | undefined): void {
    this.seen += 1;
    const context = request.getStore();
    if (!(path ?? '').split('/').includes(context ?? 'none')) this.found.push(`${what} of ${path} in ${context}`);
  }
}

/** A backend whose calls are all answered out of another context, and which looks where it is called. */
function watched(misplaced: Misplaced): MapFilesystem {
  const backend = new CommittingFilesystem();
  for (const call of BACKEND_CALLS) {
    backend.before(call, async (_context, _nth, path) => {
      misplaced.check(call, path);
      await new Promise((resolve) => elsewhere(() => setImmediate(resolve)));
      misplaced.check(`what follows ${call}`, path);
    });
  }
  return backend;
}

test.each(Object.entries(EVERY_WRAP))(
  'through %s every call reaches the backend in its own context',
  async (_, wrap) => {
    const misplaced = new Misplaced();
    const filesystem = wrap(watched(misplaced));
    await inRequests(async (directory) => {
      await filesystem.put(`${directory}/a`, entry, 'absent');
      expect(await filesystem.get(`${directory}/a`)).toBeDefined();
      expect((await filesystem.list(directory)).children).toHaveLength(1);
      expect(await collect(filesystem.entries(directory, { pageSize: 1 }))).toHaveLength(1);
      await filesystem.delete(`${directory}/a`, 'any');
      await commit(filesystem, [{ check: `${directory}/a`, expectation: 'absent' }]);
      await transact(filesystem, async (tx) => {
        await tx.get(`${directory}/n`, numbers);
        misplaced.check('a transaction', directory);
        await tx.put(`${directory}/n`, numbers, 1);
      });
      misplaced.check('what comes after', directory);
    });
    expect(misplaced.found).toEqual([]);
    expect(misplaced.seen).toBeGreaterThan(CALLS * 2 * 5);
  },
);

test.each(Object.entries(WRAPS))(
  'through %s an abort of all is heard of by each in its own context',
  async (_, wrap) => {
    const misplaced = new Misplaced();
    const backend = new MapFilesystem(ROOMY);
    for (const call of BACKEND_CALLS) {
      backend.before(call, ({ signal }, _nth, path) => {
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            misplaced.check('an abort', path);
            reject(signal.reason as Error);
          });
        });
      });
    }
    const filesystem = withConcurrencyLimit(wrap(backend), { reads: { limit: CALLS }, writes: { limit: CALLS } });
    const abort = new AbortController();
    const { signal } = abort;
    const ended = inRequests(async (directory) => {
      expect(await typedRejection(filesystem.get(directory, { signal }))).toMatchObject({ code: 'ABORTED' });
      misplaced.check('what comes after', directory);
    });
    await settled();
    elsewhere(() => abort.abort());
    await ended;
    expect(misplaced.found).toEqual([]);
    // Also those whom a limit of the wrapper keeps from the backend.
    expect(misplaced.seen).toBeGreaterThanOrEqual(CALLS + 64);
  },
);

test.each(Object.entries(EVERY_WRAP))(
  'through %s an update runs what is its own in its own context',
  async (_, wrap) => {
    const misplaced = new Misplaced();
    const backend = watched(misplaced);
    const filesystem = withRetry(wrap(backend), { backoffMinMs: 0, backoffMaxMs: 0 });
    let refused = 0;
    backend.after('_put', () => {
      refused += 1;
      if (refused <= CALLS) throw new HoldfastError('BUSY', 'try again', { outcome: 'not-applied' });
    });
    await inRequests(async (directory) => {
      const path = `${directory}/a`;
      const codec: RecordCodec<number> = {
        encode: (value) => (misplaced.check('encode', path), { kind: 'n', body: Uint8Array.of(value) }),
        decode: ({ body }) => (misplaced.check('decode', path), body[0] ?? 0),
      };
      for (let update = 0; update < 2; update += 1) {
        await casUpdate(filesystem, path, codec, async (count = 0) => {
          misplaced.check('apply', path);
          await new Promise((resolve) => elsewhere(() => setImmediate(resolve)));
          misplaced.check('what follows in apply', path);
          return CasApply.write(count + 1);
        });
      }
    });
    expect(misplaced.found).toEqual([]);
  },
);

test('tracers, meters and channels hear of each operation in its context', async () => {
  const misplaced = new Misplaced();
  const told = (what: string) => (): void => misplaced.check(what, `/${request.getStore() ?? 'none'}`);
  const heard = (message: unknown): void => misplaced.check('a message', (message as { path: string }).path);
  const options = (system: string) => ({
    system,
    paths: 'full' as const,
    tracer: {
      startActiveSpan: (name: string, given: { attributes?: object }, run: (span: never) => unknown): unknown => {
        const path = (given.attributes as Record<string, string>)['holdfast.path'];
        misplaced.check(`the span of ${name}`, path);
        const inSpan = (what: string) => (): void => misplaced.check(`${what} of ${name}`, path);
        const span = { setAttributes: inSpan('attributes'), setStatus: told('a status'), end: inSpan('the end') };
        return run(span as never);
      },
    },
    meter: {
      createHistogram: () => ({ record: told('a duration') }),
      createCounter: () => ({ add: told('a count') }),
    },
  });
  subscribe(OPERATION_CHANNEL, heard);
  try {
    const limited = withConcurrencyLimit(withTracing(watched(misplaced), options('inner') as never), {
      reads: { limit: 1 },
      writes: { limit: 1 },
    });
    const filesystem = withTracing(limited, options('outer') as never);
    await inRequests(async (directory) => {
      await filesystem.put(`${directory}/a`, entry, 'absent');
      await filesystem.get(`${directory}/a`);
      await collect(filesystem.entries(directory, { pageSize: 1 }));
    });
  } finally {
    unsubscribe(OPERATION_CHANNEL, heard);
  }
  expect(misplaced.found).toEqual([]);
  expect(misplaced.seen).toBeGreaterThan(CALLS * 3 * 2 * 5);
});

const UNTRACED: readonly (readonly [string, Wrap])[] = [
  ...Object.entries(EVERY_WRAP).filter(([name]) => !/tracing|all of them/i.test(name)),
  ['withTracing without a tracer', (filesystem) => withTracing(filesystem)],
];

test.each(UNTRACED)(
  'through %s a page is fetched in the context of whoever asks for it, also of one who cannot wait',
  async (_, wrap) => {
    const contexts: (string | undefined)[] = [];
    const backend = new MapFilesystem(ROOMY);
    const filesystem = wrap(backend);
    for (let n = 10; n < 20; n += 1) await filesystem.put(`/d/${n}`, entry, 'absent');
    backend.before('_scan', async () => {
      contexts.push(request.getStore());
      await new Promise((resolve) => elsewhere(() => setImmediate(resolve)));
      contexts.push(request.getStore());
    });
    const names = Array.from({ length: 10 }, (__, n) => `r${n}`);
    const twice = names.flatMap((name) => [name, name]);
    const entries = filesystem.entries('/d', { pageSize: 1 });
    await Promise.all(names.map((name) => request.run(name, () => entries.next())));
    expect(contexts).toEqual(twice);
    contexts.length = 0;
    const oneByOne = filesystem.entries('/d', { pageSize: 1 });
    for (const name of names) await request.run(name, () => oneByOne.next());
    expect(contexts).toEqual(twice);
  },
);

test('that a bound is nearly reached is told by who reaches it, and once, not by each who takes the place of another', async () => {
  const told: (string | undefined)[] = [];
  const hear = (): void => void told.push(request.getStore());
  const filesystem = withConcurrencyLimit(watched(new Misplaced()), { reads: { limit: 1, queue: 1000 } });
  subscribe(SATURATION_CHANNEL, hear);
  try {
    await inRequests((directory) => filesystem.get(directory));
  } finally {
    unsubscribe(SATURATION_CHANNEL, hear);
  }
  expect(told).toEqual(['r0']);
});
