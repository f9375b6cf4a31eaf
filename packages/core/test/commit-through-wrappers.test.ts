import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Capabilities } from '../src/capabilities/capabilities.ts';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import { IN_FLIGHT_GRACE_MS } from '../src/filesystem/mutation.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { Layer } from '../src/layers/layer.ts';
import { withConcurrencyLimit } from '../src/layers/with-concurrency-limit.ts';
import { withPrefix } from '../src/layers/with-prefix.ts';
import { withReadOnly } from '../src/layers/with-read-only.ts';
import { withRetry } from '../src/layers/with-retry.ts';
import { withTimeout } from '../src/layers/with-timeout.ts';
import { mountTable } from '../src/mounts/mount-table.ts';
import type { Change } from '../src/operations/commit/change.ts';
import { commit } from '../src/operations/commit/commit.ts';
import { mintVersion } from '../src/versions/version.ts';
import { scopedView } from '../src/views/scoped-view.ts';
import { bytes, textOf } from './support/bytes.ts';
import { COMMITTING, CommittingFilesystem } from './support/committing-filesystem.ts';
import { WRAPS } from './support/core-wrappers.ts';
import { deferred, never } from './support/deferred.ts';
import { ROOMY, testKey } from './support/encrypted.ts';
import { followGlobals } from './support/follow-globals.ts';
import { MapFilesystem } from './support/map-filesystem.ts';
import { typedRejection } from './support/rejection.ts';
import { stranger } from './support/stranger.ts';
import { failOnUnhandledRejections, settled } from './support/unhandled.ts';
import { withEncryption } from '../src/layers/with-encryption.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
afterEach(() => void vi.useRealTimers());

const wraps = Object.entries(WRAPS);
const entry = { body: bytes('new') };
const put = (path: string, expectation: 'absent' | 'any' | { readonly version: string } = 'any'): Change => ({
  put: path,
  entry,
  expectation,
});
const CHECK: Change = { check: '/none', expectation: 'absent' };

test.each(wraps)('through %s it lands as a whole', async (_, wrap) => {
  const filesystem = wrap(new CommittingFilesystem());
  const gone = await filesystem.put('/gone', { body: bytes('old') }, 'absent');
  const kept = await filesystem.put('/d/kept', { body: bytes('old') }, 'absent');
  const { version } = await commit(filesystem, [
    put('/a', 'absent'),
    put('/d/b'),
    { delete: '/gone', expectation: { version: gone.version as string } },
    { check: '/d/kept', expectation: { version: kept.version as string } },
    CHECK,
  ]);
  const found = await Promise.all(['/a', '/d/b', '/gone', '/d/kept'].map((path) => filesystem.get(path)));
  expect(found.map((each) => each && [textOf(each), each.path, each.version])).toEqual([
    ['new', '/a', version],
    ['new', '/d/b', version],
    undefined,
    ['old', '/d/kept', kept.version],
  ]);
});

test.each(wraps)('through %s a mismatch names the paths of the caller', async (_, wrap) => {
  const backend = new CommittingFilesystem();
  const filesystem = wrap(backend);
  const stale = { version: mintVersion() };
  for (const changes of [
    [put('/a'), { delete: '/d/b', expectation: stale }, put('/c', stale), CHECK],
    [CHECK, { check: '/d/b', expectation: stale }, { check: '/c', expectation: stale }],
  ] as const) {
    expect(await typedRejection(commit(filesystem, changes))).toMatchObject({
      code: 'VERSION_MISMATCH',
      operation: 'commit',
      path: '/d/b',
      paths: ['/d/b', '/c'],
      outcome: 'not-applied',
    });
  }
  const one = await typedRejection(commit(filesystem, [put('/a', stale)]));
  expect([one.path, one.paths]).toEqual(['/a', ['/a']]);
  expect(backend.stored.size).toBe(0);
});

test.each(wraps)('through %s it may be as large as is claimed there, and no larger', async (_, wrap) => {
  const filesystem = wrap(new CommittingFilesystem());
  const { maxCommitChanges, maxCommitBytes, planes } = filesystem.capabilitiesAt('/a');
  expect([planes, maxCommitChanges]).toEqual([['atomic-commit'], COMMITTING.maxCommitChanges]);
  const sized = (count: number, total: number): Change[] =>
    Array.from({ length: count }, (__, index) => ({
      put: `/${index}`,
      entry: { body: new Uint8Array(index === 0 ? total : 0) },
      expectation: 'any',
    }));
  await commit(filesystem, sized(maxCommitChanges, maxCommitBytes));
  await commit(filesystem, sized(1, maxCommitBytes));
  for (const [changes, capability] of [
    [sized(maxCommitChanges + 1, 0), 'maxCommitChanges'],
    [sized(maxCommitChanges, maxCommitBytes + 1), 'maxCommitBytes'],
    [sized(1, maxCommitBytes + 1), 'maxCommitBytes'],
  ] as const) {
    const error = await typedRejection(commit(filesystem, changes));
    expect(error).toMatchObject({ code: 'COMMIT_TOO_LARGE', path: '/0', capability, outcome: 'not-applied' });
  }
  const tooLong = await typedRejection(commit(filesystem, [put('/a'), ...sized(1, ROOMY.maxBodyBytes + 1)]));
  expect(tooLong).toMatchObject({ code: 'BODY_TOO_LARGE', operation: 'commit', path: '/0' });
});

test.each(wraps)('through %s a lost reply is found out about', async (_, wrap) => {
  const backend = new CommittingFilesystem();
  const filesystem = wrap(backend);
  const cut = (): never => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  };
  backend.after('_commit', (_context, nth) => {
    if (nth === 1) cut();
  });
  const { version } = await commit(filesystem, [put('/a', 'absent'), put('/b', 'absent')]);
  expect((await filesystem.get('/b'))?.version).toBe(version);
  backend.heal();
  backend.before('_commit', (_context, nth) => {
    if (nth === 2) cut();
  });
  await commit(filesystem, [put('/a', { version: version as string }), put('/c', 'absent')]);
  expect(backend.commits.map((request) => request.version)).toEqual([
    version,
    (await filesystem.get('/c'))?.version,
    (await filesystem.get('/a'))?.version,
  ]);
  backend.heal();
  backend.before('_commit', cut);
  const unknown = await typedRejection(commit(filesystem, [put('/new', 'absent'), put('/newer', 'absent')]));
  expect(unknown).toMatchObject({ code: 'OUTCOME_UNKNOWN', operation: 'commit', path: '/new', outcome: 'unknown' });
});

test.each(wraps)('through %s its deadline and its abort end it, and one of checks alone at once', async (_, wrap) => {
  const backend = new CommittingFilesystem();
  backend.before('_commit', never);
  const filesystem = wrap(backend);
  const abort = new AbortController();
  const { signal } = abort;
  vi.useFakeTimers();
  const errors = [put('/a'), CHECK].flatMap((change) => [
    typedRejection(commit(filesystem, [change], { timeoutMs: 100 })),
    typedRejection(commit(withTimeout(filesystem, { timeoutMs: 100 }), [change])),
    typedRejection(commit(filesystem, [change], { signal })),
  ]);
  const ended = vi.fn<() => void>();
  for (const checking of errors.slice(3)) void checking.then(ended);
  await settled();
  abort.abort();
  await vi.advanceTimersByTimeAsync(100);
  expect(ended).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(IN_FLIGHT_GRACE_MS);
  const codes = (await Promise.all(errors)).map(({ code, path, outcome }) => `${code} ${path} ${outcome}`);
  expect(codes).toEqual([
    'TIMEOUT /a unknown',
    'TIMEOUT /a unknown',
    'ABORTED /a unknown',
    'TIMEOUT /none not-applied',
    'TIMEOUT /none not-applied',
    'ABORTED /none not-applied',
  ]);
});

test.each(wraps)('through %s what is malformed is refused with the path that is to blame', async (_, wrap) => {
  const backend = new CommittingFilesystem();
  const filesystem = wrap(backend);
  for (const [changes, code, path] of [
    [[put('/a'), { put: '/b', entry: { body: 5 }, expectation: 'any' }], 'INVALID_ARGUMENT', '/b'],
    [[put('/a'), { check: '/b', expectation: 'any' }], 'INVALID_ARGUMENT', '/b'],
    [[put('/a'), put('/b'), put('/b')], 'INVALID_ARGUMENT', '/b'],
    [[put('/a'), put('b')], 'INVALID_PATH', '/a'],
    [[put('a')], 'INVALID_PATH', undefined],
    [5, 'INVALID_ARGUMENT', undefined],
  ] as const) {
    const error = await typedRejection(commit(filesystem, changes as never));
    expect(error).toMatchObject({ code, operation: 'commit', path, outcome: 'not-applied' });
  }
  await filesystem.close();
  const closed = { code: 'CLOSED', operation: 'commit', path: '/a', outcome: 'not-applied' };
  expect(await typedRejection(commit(filesystem, [put('/a')]))).toMatchObject(closed);
  expect(backend.count('_commit')).toBe(0);
});

test.each(wraps)(
  'an adapter without it, and one of others, claim none of it below %s, and refuse it',
  async (_, wrap) => {
    const without = new MapFilesystem({ ...COMMITTING, planes: [], maxCommitChanges: 0, maxCommitBytes: 0 });
    const backend = new CommittingFilesystem();
    const overridden = Object.assign(new CommittingFilesystem(), { put: () => Promise.reject(new Error('guarded')) });
    for (const below of [without, stranger(backend), overridden]) {
      const filesystem = wrap(below);
      if (filesystem !== below || below === overridden) {
        const none: Partial<Capabilities> = { planes: [], maxCommitChanges: 0, maxCommitBytes: 0 };
        expect(filesystem.capabilitiesAt('/a')).toMatchObject(none);
        expect(filesystem.capabilitiesAt('/a')).toBe(filesystem.capabilitiesAt('/a'));
      }
      for (const change of [put('/a'), CHECK]) {
        expect(await typedRejection(commit(filesystem, [change]))).toMatchObject({
          code: 'UNSUPPORTED',
          operation: 'commit',
          capability: 'planes',
          outcome: 'not-applied',
        });
      }
    }
    expect([without.calls, backend.calls, overridden.calls]).toEqual([[], [], []]);
  },
);

test('a view permits each change by what it is, and leads each to its place', async () => {
  const backend = new CommittingFilesystem();
  const view = scopedView(backend, [
    { at: '/w', to: '/one', permissions: ['write'] },
    { at: '/d', to: '/two', permissions: ['delete'] },
    { at: '/r', to: '/three', permissions: ['read'] },
  ]);
  const allowed: readonly Change[] = [
    put('/w/x'),
    { delete: '/d/x', expectation: 'any' },
    { check: '/r/x', expectation: 'absent' },
  ];
  await commit(view, allowed);
  expect(backend.commits[0]?.changes.map(({ path }) => path)).toEqual(['/one/x', '/two/x', '/three/x']);
  for (const [index, change] of allowed.entries()) {
    for (const directory of ['/w', '/d', '/r']) {
      const path = `${directory}/y`;
      const { put: write, delete: remove, check } = change;
      const moved = write ? put(path) : remove ? { ...change, delete: path } : { ...change, check: path };
      expect(write ?? remove ?? check).toBeDefined();
      const others = allowed.filter((__, at) => at !== index);
      const call = commit(view, [...others, moved as Change]);
      if (directory === ['/w', '/d', '/r'][index]) await call;
      else {
        expect(await typedRejection(call)).toMatchObject({ code: 'ACCESS_DENIED', path, outcome: 'not-applied' });
      }
    }
  }
  const nowhere = await typedRejection(commit(view, [put('/w/x'), put('/elsewhere')]));
  expect(nowhere).toMatchObject({ code: 'NOT_MOUNTED', operation: 'commit', path: '/elsewhere' });
});

test('what only checks goes through a read-only layer, and what changes anything does not', async () => {
  const backend = new CommittingFilesystem();
  const filesystem = withReadOnly(backend);
  expect(await commit(filesystem, [CHECK, { check: '/nothing', expectation: 'absent' }])).toEqual({
    version: undefined,
  });
  for (const change of [put('/a'), { delete: '/a', expectation: 'any' } as const]) {
    const error = await typedRejection(commit(filesystem, [CHECK, change]));
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', path: '/a', outcome: 'not-applied' });
  }
  expect(backend.count('_commit')).toBe(1);
});

test('who may not do it at all hears that first, whatever else is wrong', async () => {
  const filesystem = withReadOnly(new CommittingFilesystem());
  for (const changes of [
    [{ put: '/a', entry: 5, expectation: 'any' }],
    [CHECK, put('/a'), { put: '/b', entry, expectation: 'perhaps' }],
    [put('/a'), put('no path')],
    [put('/a'), put('/a')],
  ]) {
    const error = await typedRejection(commit(filesystem, changes as never));
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', operation: 'commit', path: '/a', outcome: 'not-applied' });
  }
  const checks = [CHECK, { check: '/b', expectation: 'any' }] as never;
  expect(await typedRejection(commit(filesystem, checks))).toMatchObject({ code: 'INVALID_ARGUMENT', path: '/b' });
});

test('a layer that overrides a public method claims no commits, and makes none', async () => {
  class Guarded extends Layer {
    override put(): Promise<never> {
      throw new Error('guarded');
    }
  }
  const backend = new CommittingFilesystem();
  const filesystem = new Guarded(backend);
  expect(filesystem.capabilitiesAt('/').planes).toEqual([]);
  expect(await typedRejection(commit(filesystem, [put('/a')]))).toMatchObject({
    code: 'UNSUPPORTED',
    capability: 'planes',
  });
  expect(backend.calls).toEqual([]);
});

test('two paths of a view that lead to one are a path twice, told with the paths of the view', async () => {
  const backend = new CommittingFilesystem();
  const permissions = ['read', 'write'] as const;
  const view = scopedView(backend, [
    { at: '/in', to: '/secret', permissions },
    { at: '/out', to: '/secret', permissions },
  ]);
  const error = await typedRejection(commit(view, [put('/in/a'), put('/in/b'), put('/out/a')]));
  expect(error).toMatchObject({
    code: 'INVALID_ARGUMENT',
    operation: 'commit',
    path: '/out/a',
    outcome: 'not-applied',
  });
  expect(error.message).toBe('changes[2] must be at a path of its own; changes[0] is at the same');
  expect(backend.calls).toEqual([]);
  await commit(view, [put('/in/a'), put('/out/b')]);
});

test('the paths of a mismatch are those of the view, where each leads elsewhere, and no others', async () => {
  const backend = new CommittingFilesystem();
  const permissions = ['read', 'write'] as const;
  const view = scopedView(backend, [
    { at: '/b', to: '/secret/one', permissions },
    { at: '/a', to: '/secret/two', permissions },
  ]);
  const stale = { version: mintVersion() };
  const error = await typedRejection(commit(view, [put('/a/x', stale), put('/b/x', stale)]));
  expect([error.path, error.paths]).toEqual(['/a/x', ['/a/x', '/b/x']]);
  backend.before('_commit', () => {
    throw new HoldfastError('VERSION_MISMATCH', 'no', { paths: ['/secret/one/x', '/secret/three/x'] });
  });
  const lying = await typedRejection(commit(view, [put('/a/x'), put('/b/x')]));
  expect([lying.path, lying.paths]).toEqual(['/b/x', ['/b/x']]);
  expect(JSON.stringify(lying)).not.toContain('secret');
});

test('a path that is too long where it leads is named, of several', async () => {
  const filesystem = withPrefix(new CommittingFilesystem(), `/${'p'.repeat(200)}`);
  const long = `/${'x'.repeat(250)}/${'y'.repeat(250)}/${'z'.repeat(250)}/${'w'.repeat(250)}`;
  const error = await typedRejection(commit(filesystem, [put('/a'), put(long)]));
  expect(error).toMatchObject({ code: 'INVALID_PATH', operation: 'commit', path: long, outcome: 'not-applied' });
});

test('mounts that lead apart refuse it, and one that all paths lead to does it', async () => {
  const [one, other] = [new CommittingFilesystem(), new CommittingFilesystem()];
  const table = mountTable([
    { at: '/one', filesystem: one },
    { at: '/other', filesystem: other },
  ]);
  const apart = { code: 'UNSUPPORTED', operation: 'commit', path: '/other/a', outcome: 'not-applied' };
  expect(await typedRejection(commit(table, [put('/one/a'), put('/other/a')]))).toMatchObject(apart);
  expect([one.calls, other.calls]).toEqual([[], []]);
  await commit(table, [put('/other/a'), put('/other/b')]);
  expect([...other.stored.keys()]).toEqual(['/a', '/b']);
});

test('each body is encrypted for its own path, and what is sent is as long as is claimed', async () => {
  const backend = new CommittingFilesystem();
  const filesystem = withEncryption(backend, { keys: { k1: testKey(1) }, currentKey: 'k1' });
  await commit(filesystem, [put('/a'), put('/b'), CHECK]);
  const [a, b] = ['/a', '/b'].map((path) => backend.stored.get(path));
  for (const stored of [a, b]) expect(stored && textOf(stored)).not.toContain('new');
  backend.stored.set('/b', { ...(b as NonNullable<typeof b>), body: (a as NonNullable<typeof a>).body });
  expect(await typedRejection(filesystem.get('/b'))).toMatchObject({ code: 'DECRYPTION_FAILED' });
  const { maxCommitBytes } = filesystem.capabilitiesAt('/');
  expect(maxCommitBytes).toBe(COMMITTING.maxCommitBytes - 110 * COMMITTING.maxCommitChanges);
  const small = new CommittingFilesystem({ ...COMMITTING, maxCommitBytes: 110 * COMMITTING.maxCommitChanges });
  const none = withEncryption(small, { keys: { k1: testKey(1) }, currentKey: 'k1' }).capabilitiesAt('/');
  expect([none.planes, none.maxCommitChanges, none.maxCommitBytes]).toEqual([[], 0, 0]);
});

test('it takes one permit to write, and one of checks alone one to read, until the backend is done', async () => {
  const backend = new CommittingFilesystem();
  const filesystem = withConcurrencyLimit(backend, { writes: { limit: 1 }, reads: { limit: 1 } });
  for (const [change, lane] of [
    [put('/a'), 'writes'],
    [CHECK, 'reads'],
  ] as const) {
    const held = deferred();
    backend.before('_commit', () => held.promise);
    const abort = new AbortController();
    const aborted = typedRejection(
      commit(filesystem, change === CHECK ? [CHECK] : [change, CHECK], { signal: abort.signal }),
    );
    await settled();
    abort.abort();
    expect(await aborted).toMatchObject({ code: 'ABORTED' });
    expect(filesystem.usage()[lane].running).toBe(1);
    held.resolve();
    await settled();
    expect(filesystem.usage()[lane].running).toBe(0);
  }
});

test('it is tried again when the backend was busy', async () => {
  const backend = new CommittingFilesystem();
  backend.before('_commit', (_context, nth) => {
    if (nth % 3 !== 0) throw new HoldfastError('BUSY', 'held', { outcome: 'not-applied' });
  });
  const filesystem: RootFilesystem = withRetry(backend, { backoffMinMs: 0 });
  await commit(filesystem, [put('/a'), CHECK]);
  await commit(filesystem, [CHECK]);
  expect(backend.count('_commit')).toBe(6);
});
