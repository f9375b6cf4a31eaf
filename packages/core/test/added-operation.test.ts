import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gatePath } from '../src/capabilities/gate.ts';
import type { Entry, EntryInput, Snapshot } from '../src/entries/entry.ts';
import { parseEntry } from '../src/entries/parse-entry.ts';
import { HoldfastError, type OperationName } from '../src/errors/holdfast-error.ts';
import { IN_FLIGHT_GRACE_MS } from '../src/filesystem/mutation.ts';
import { parseOperationOptions, type OperationOptions } from '../src/filesystem/operation-options.ts';
import type { OperationContext } from '../src/filesystem/operation-context.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { withConcurrencyLimit } from '../src/layers/with-concurrency-limit.ts';
import { withPrefix } from '../src/layers/with-prefix.ts';
import { withReadOnly } from '../src/layers/with-read-only.ts';
import { withRetry } from '../src/layers/with-retry.ts';
import { withTimeout } from '../src/layers/with-timeout.ts';
import { withTracing } from '../src/layers/with-tracing.ts';
import { mountTable } from '../src/mounts/mount-table.ts';
import { begin } from '../src/operations/begin.ts';
import { makeOperation } from '../src/operations/make-operation.ts';
import type { OperationKind } from '../src/operations/operation-kind.ts';
import { parsePath, type VirtualPath } from '../src/paths/virtual-path.ts';
import { mintVersion, type Version } from '../src/versions/version.ts';
import { scopedView } from '../src/views/scoped-view.ts';
import { WRAPS } from './support/core-wrappers.ts';
import { bytes, textOf } from './support/bytes.ts';
import { deferred, never } from './support/deferred.ts';
import { ROOMY } from './support/encrypted.ts';
import { followGlobals } from './support/follow-globals.ts';
import { MapFilesystem } from './support/map-filesystem.ts';
import { typedRejection } from './support/rejection.ts';
import { stranger } from './support/stranger.ts';
import { nestSpans, Spans } from './support/telemetry.ts';
import { failOnUnhandledRejections, settled } from './support/unhandled.ts';

failOnUnhandledRejections();
nestSpans();
beforeEach(followGlobals);
afterEach(() => void vi.useRealTimers());

// An operation that nobody else has: it puts an entry at two paths at once, and answers with what was there. Everything
// that makes it one is in this file.

interface Writes {
  readonly path: VirtualPath;
  readonly writes: readonly { readonly path: VirtualPath; readonly entry: Entry }[];
}

interface Replaced {
  readonly replaced: readonly (Snapshot | undefined)[];
}

/** The method that an adapter has for it. */
interface PutsBoth {
  _putBoth(writes: Writes['writes'], version: Version, context: OperationContext): Promise<Replaced>;
}

const PUT_BOTH: OperationKind<Replaced, Writes> = {
  name: 'putBoth' as OperationName,
  changes: true,
  touches: ({ path, writes = [{ path }] }) =>
    writes.map((write: { readonly path: VirtualPath }) => ({ path: write.path, permissions: ['read', 'write'] })),
  renamed: ({ path, writes }, rename) => ({
    path: rename(path),
    writes: writes.map((write) => ({ ...write, path: rename(write.path) })),
  }),
  answered: ({ replaced }, { writes }) => ({
    replaced: replaced.map(
      (found, index) => found && { ...found, path: (writes[index] as { path: VirtualPath }).path },
    ),
  }),
  gate: (claimant, operation) => gatePath(claimant.claims(operation, operation.args.path), operation),
  perform: (operation, backend) =>
    backend.mutate(operation, () => {
      const adapter = backend.with<PutsBoth>('_putBoth', operation);
      const { path, writes } = operation.args;
      const version = mintVersion();
      return {
        applied: { replaced: [] },
        send: (context: OperationContext) => adapter._putBoth(writes, version, context),
        answered: (replaced) => replaced,
        marks: () => [{ path, minted: version, expected: undefined }],
      };
    }),
  sealed: ({ path, writes }, seal) => ({
    path,
    writes: writes.map((write) => ({ ...write, entry: seal(write.path, write.entry) })),
  }),
  opened: ({ replaced }, { writes }, open) => ({
    replaced: replaced.map((found, index) => found && open((writes[index] as { path: VirtualPath }).path, found)),
  }),
  told: () => ({ outcome: 'applied' }),
};

function putBoth(
  filesystem: RootFilesystem,
  [one, other]: readonly [string, string],
  entry: EntryInput,
  options?: OperationOptions,
): Promise<Replaced> {
  const operation = makeOperation(PUT_BOTH, {
    path: () => parsePath(one),
    rest: (path) => {
      const parsed = parseEntry(entry);
      const writes = [path, parsePath(other)].map((target) => ({ path: target, entry: parsed }));
      return { args: { path, writes }, limits: parseOperationOptions(options) };
    },
  });
  return begin(filesystem, operation);
}

/** An adapter that has it. */
class Both extends MapFilesystem implements PutsBoth {
  sent = 0;
  fault: (context: OperationContext, nth: number) => unknown = () => {};
  lost: (nth: number) => unknown = () => {};

  async _putBoth(writes: Writes['writes'], version: Version, context: OperationContext): Promise<Replaced> {
    this.sent += 1;
    const nth = this.sent;
    await this.fault(context, nth);
    const replaced = writes.map(({ path }) => this.stored.get(path));
    for (const { path, entry } of writes) this.stored.set(path, { ...entry, path, version });
    await this.lost(nth);
    return { replaced };
  }
}

const PATHS = ['/a', '/d/b'] as const;
const entry = { body: bytes('new') };

test('no file of the package knows it', () => {
  const src = new URL('../src/', import.meta.url);
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  for (const file of files) expect(readFileSync(new URL(file, src), 'utf8')).not.toMatch(/putBoth/i);
});

test.each(Object.entries(WRAPS))('it goes through %s, and comes back with the paths of its caller', async (_, wrap) => {
  const filesystem = wrap(new Both(ROOMY));
  await filesystem.put('/a', { body: bytes('old') }, 'absent');
  const { replaced } = await putBoth(filesystem, PATHS, entry);
  expect(replaced.map((found) => found && [found.path, textOf(found)])).toEqual([['/a', 'old'], undefined]);
  for (const path of PATHS) expect(textOf(await filesystem.get(path))).toBe('new');
  const again = await putBoth(filesystem, PATHS, entry);
  expect(again.replaced.map((found) => found && [found.path, textOf(found)])).toEqual(PATHS.map((it) => [it, 'new']));
});

test.each(Object.entries(WRAPS))(
  'what it fails with has its name, the path of its caller and an outcome through %s',
  async (_, wrap) => {
    const backend = new Both(ROOMY);
    const filesystem = wrap(backend);
    for (const outcome of ['not-applied', 'unknown'] as const) {
      backend.fault = () => {
        throw new HoldfastError('STORAGE_FULL', 'full', { outcome });
      };
      const error = await typedRejection(putBoth(filesystem, PATHS, entry));
      const code = outcome === 'unknown' ? 'OUTCOME_UNKNOWN' : 'STORAGE_FULL';
      expect(error).toMatchObject({ code, operation: 'putBoth', path: '/a', outcome });
    }
    await filesystem.close();
    expect(await typedRejection(putBoth(filesystem, PATHS, entry))).toMatchObject({
      code: 'CLOSED',
      operation: 'putBoth',
      path: '/a',
      outcome: 'not-applied',
    });
  },
);

test.each(Object.entries(WRAPS))('a lost reply to it is resolved through %s', async (_, wrap) => {
  const backend = new Both(ROOMY);
  backend.lost = () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  };
  expect(await putBoth(wrap(backend), PATHS, entry)).toEqual({ replaced: [] });
  expect(backend.sent).toBe(1);
});

test.each(Object.entries(WRAPS))('through %s its deadline and its abort end it', async (_, wrap) => {
  const backend = new Both(ROOMY);
  backend.fault = never;
  const abort = new AbortController();
  const { signal } = abort;
  vi.useFakeTimers();
  const late = typedRejection(putBoth(wrap(backend), PATHS, entry, { timeoutMs: 100 }));
  const bounded = typedRejection(putBoth(withTimeout(wrap(backend), { timeoutMs: 100 }), PATHS, entry));
  const aborted = typedRejection(putBoth(wrap(backend), PATHS, entry, { signal }));
  const errors = Promise.all([late, bounded, aborted]);
  await settled();
  abort.abort();
  await vi.advanceTimersByTimeAsync(100 + IN_FLIGHT_GRACE_MS);
  for (const [index, error] of (await errors).entries()) {
    const code = index === 2 ? 'ABORTED' : 'TIMEOUT';
    expect(error).toMatchObject({ code, operation: 'putBoth', path: '/a', outcome: 'unknown' });
  }
});

test('it counts as a write, and keeps its permit until the backend is done', async () => {
  const backend = new Both(ROOMY);
  const filesystem = withConcurrencyLimit(backend, { writes: { limit: 1 } });
  const held = deferred();
  backend.fault = () => held.promise;
  const abort = new AbortController();
  const aborted = typedRejection(putBoth(filesystem, PATHS, entry, { signal: abort.signal }));
  const waiting = putBoth(filesystem, PATHS, entry);
  expect(filesystem.usage().writes).toEqual({ running: 1, waiting: 1 });
  abort.abort();
  expect(await aborted).toMatchObject({ code: 'ABORTED' });
  expect([backend.sent, filesystem.usage().writes.running]).toEqual([1, 1]);
  held.resolve();
  await waiting;
  expect(filesystem.usage().writes).toEqual({ running: 0, waiting: 0 });
});

test('it is tried again when the backend was busy', async () => {
  const backend = new Both(ROOMY);
  backend.fault = (_context, nth) => {
    if (nth < 3) throw new HoldfastError('BUSY', 'held', { outcome: 'not-applied' });
  };
  await putBoth(withRetry(backend, { backoffMinMs: 0 }), PATHS, entry);
  expect(backend.sent).toBe(3);
});

test('it has a span of its own, with its outcome', async () => {
  const spans = new Spans();
  const backend = new Both(ROOMY);
  const filesystem = withTracing(backend, { tracer: spans.tracer, paths: 'full' });
  await putBoth(filesystem, PATHS, entry);
  backend.fault = () => {
    throw new HoldfastError('STORAGE_FULL', 'full', { outcome: 'not-applied' });
  };
  await typedRejection(putBoth(filesystem, PATHS, entry));
  await typedRejection(putBoth(filesystem, ['no path', '/b'], entry));
  expect(spans.ended.map(({ name, attributes }) => [name, attributes['holdfast.path']])).toEqual([
    ['putBoth', '/a'],
    ['putBoth', '/a'],
    ['putBoth', undefined],
  ]);
  expect(spans.ended.map(({ attributes }) => [attributes['holdfast.outcome'], attributes['error.type']])).toEqual([
    ['applied', undefined],
    ['not-applied', 'STORAGE_FULL'],
    ['not-applied', 'INVALID_PATH'],
  ]);
});

test('a view permits it where every path has the permissions that it needs, and leads each to its place', async () => {
  const backend = new Both(ROOMY);
  const all = ['read', 'write'] as const;
  const view = scopedView(backend, [
    { at: '/a', to: '/one', permissions: all },
    { at: '/b', to: '/two', permissions: all },
    { at: '/c', permissions: ['write'] },
  ]);
  const { replaced } = await putBoth(view, ['/a/x', '/b/x'], entry);
  expect([...backend.stored.keys()]).toEqual(['/one/x', '/two/x']);
  expect(replaced).toEqual([undefined, undefined]);
  const denied = { code: 'ACCESS_DENIED', operation: 'putBoth', path: '/c/x', outcome: 'not-applied' };
  expect(await typedRejection(putBoth(view, ['/a/x', '/c/x'], entry))).toMatchObject(denied);
  expect(await typedRejection(putBoth(view, ['/a/x', '/d/x'], entry))).toMatchObject({
    code: 'NOT_MOUNTED',
    path: '/d/x',
  });
  backend.fault = () => {
    throw new HoldfastError('PATH_CONFLICT', 'two is in the way', { path: '/two/x', outcome: 'not-applied' });
  };
  const conflict = await typedRejection(putBoth(view, ['/a/x', '/b/x'], entry));
  expect(conflict).toMatchObject({ code: 'PATH_CONFLICT', path: '/b/x' });
  expect(conflict.message).not.toContain('two');
  expect(await typedRejection(putBoth(withReadOnly(backend), PATHS, entry))).toMatchObject({
    code: 'ACCESS_DENIED',
    outcome: 'not-applied',
  });
  expect(backend.sent).toBe(2);
});

test('in a table it goes where both paths lead to, and nowhere if they lead apart', async () => {
  const [one, other] = [new Both(ROOMY), new Both(ROOMY)];
  const table = mountTable([
    { at: '/one', filesystem: withPrefix(one, '/p') },
    { at: '/other', filesystem: other },
  ]);
  await putBoth(table, ['/one/a', '/one/b'], entry);
  expect([...one.stored.keys()]).toEqual(['/p/a', '/p/b']);
  expect(await typedRejection(putBoth(table, ['/one/a', '/other/a'], entry))).toMatchObject({
    code: 'UNSUPPORTED',
    operation: 'putBoth',
    path: '/other/a',
    outcome: 'not-applied',
  });
  expect([one.sent, other.sent]).toEqual([1, 0]);
});

test('what is malformed is refused as what it is, after what its caller may not do at all', async () => {
  const backend = new Both(ROOMY);
  for (const wrap of Object.values(WRAPS)) {
    const refused = await typedRejection(putBoth(wrap(backend), PATHS, { body: 5 as never }));
    expect(refused).toMatchObject({
      code: 'INVALID_ARGUMENT',
      operation: 'putBoth',
      path: '/a',
      outcome: 'not-applied',
    });
    const noPath = await typedRejection(putBoth(wrap(backend), ['a', '/b'], entry));
    expect(noPath).toMatchObject({ code: 'INVALID_PATH', operation: 'putBoth', path: undefined });
  }
  const denied = await typedRejection(putBoth(withReadOnly(backend), PATHS, { body: 5 as never }));
  expect(denied).toMatchObject({ code: 'ACCESS_DENIED' });
  expect(backend.sent).toBe(0);
});

test.each(Object.entries(WRAPS))(
  'an adapter without it, one that overrides a public method, and a stranger refuse it below %s, and nothing is done',
  async (_, wrap) => {
    const without = new MapFilesystem(ROOMY);
    const backend = new Both(ROOMY);
    // Past what it does in its own `put`, nothing is written.
    const guarded = Object.assign(new Both(ROOMY), { put: () => Promise.reject(new Error('guarded')) });
    for (const below of [without, stranger(backend), guarded]) {
      const error = await typedRejection(putBoth(wrap(below), PATHS, entry));
      expect(error).toMatchObject({
        code: 'UNSUPPORTED',
        operation: 'putBoth',
        path: '/a',
        capability: 'planes',
        outcome: 'not-applied',
      });
    }
    expect([without.calls, backend.sent, guarded.sent]).toEqual([[], 0, 0]);
  },
);
