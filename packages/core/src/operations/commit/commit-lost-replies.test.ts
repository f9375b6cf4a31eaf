import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bytes } from '../../../test/support/bytes.ts';
import { CommittingFilesystem } from '../../../test/support/committing-filesystem.ts';
import { deferred, never } from '../../../test/support/deferred.ts';
import { followGlobals } from '../../../test/support/follow-globals.ts';
import { typedRejection } from '../../../test/support/rejection.ts';
import { failOnUnhandledRejections, settled } from '../../../test/support/unhandled.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { RESOLVE_LOST_REPLY_MS } from '../../filesystem/lost-reply.ts';
import { IN_FLIGHT_GRACE_MS } from '../../filesystem/mutation.ts';
import type { Version } from '../../versions/version.ts';
import type { Change } from './change.ts';
import { commit } from './commit.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entry = { body: bytes('new') };
const cut = (): never => {
  throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
};
const put = (path: string, expectation: 'absent' | 'any' | { readonly version: string }): Change => ({
  put: path,
  entry,
  expectation,
});

/** A store with entries at some paths, whose first commit is cut off before or after it takes effect. */
async function holding(paths: readonly string[], when: 'before' | 'after') {
  const filesystem = new CommittingFilesystem();
  const versions: Record<string, Version> = {};
  for (const path of paths) {
    const { version } = await filesystem.put(path, { body: bytes('old') }, 'absent');
    versions[path] = version as Version;
  }
  const meanwhile = vi.fn<() => Promise<unknown> | undefined>();
  filesystem[when]('_commit', async (_context, nth) => {
    if (nth > 1) return;
    await meanwhile();
    cut();
  });
  filesystem.calls.length = 0;
  return { filesystem, version: (path: string) => ({ version: versions[path] as Version }), meanwhile };
}

const unknown = { code: 'OUTCOME_UNKNOWN', operation: 'commit', outcome: 'unknown', cause: { code: 'UNAVAILABLE' } };

test('our version anywhere shows that all of it landed, also where others have written since', async () => {
  const { filesystem, version } = await holding(['/a'], 'after');
  filesystem.after('_commit', async () => {
    await filesystem.put('/a', { body: bytes('later') }, 'any');
    await filesystem.delete('/b', 'any');
    cut();
  });
  const committed = await commit(filesystem, [put('/a', version('/a')), put('/b', 'absent'), put('/c', 'absent')]);
  expect(committed.version).toBe(filesystem.stored.get('/c')?.version);
  expect(filesystem.count('_commit')).toBe(1);
});

test('a version that it replaces and that is still there shows that it has not landed, and it is sent again', async () => {
  for (const last of [put('/b', { version: '' }), { delete: '/b', expectation: { version: '' } }] as const) {
    const { filesystem, version } = await holding(['/b'], 'before');
    const change = { ...last, expectation: version('/b') } as Change;
    const { version: minted } = await commit(filesystem, [put('/a', 'absent'), put('/c', 'any'), change]);
    expect(filesystem.commits.map((request) => request.version)).toEqual([minted, minted]);
    expect(filesystem.stored.get('/a')?.version).toBe(minted);
    // The entry that can tell both is looked at first.
    if ('put' in last) expect(filesystem.calls).toEqual(['_commit', '_get', '_commit']);
  }
});

test('the version of a check tells nothing: with no version to replace it is not sent again', async () => {
  const { filesystem, version } = await holding(['/checked'], 'before');
  const error = await typedRejection(
    commit(filesystem, [put('/a', 'absent'), { check: '/checked', expectation: version('/checked') }]),
  );
  expect(error).toMatchObject({ ...unknown, path: '/a' });
  expect(filesystem.calls).toEqual(['_commit', '_get']);
});

test('deletes of anything tell nothing at all, and nothing is read', async () => {
  const { filesystem } = await holding(['/a'], 'after');
  const error = await typedRejection(commit(filesystem, [{ delete: '/a', expectation: 'any' }]));
  expect(error).toMatchObject(unknown);
  expect(filesystem.calls).toEqual(['_commit']);
});

test('where everything it wrote was written over, nobody can tell', async () => {
  const { filesystem, version } = await holding(['/a'], 'after');
  filesystem.after('_commit', async () => {
    for (const path of ['/a', '/b']) await filesystem.put(path, { body: bytes('later') }, 'any');
    cut();
  });
  expect(await typedRejection(commit(filesystem, [put('/a', version('/a')), put('/b', 'absent')]))).toMatchObject(
    unknown,
  );
});

test('the second copy is refused for a version that has gone for good: it has not landed, and never will', async () => {
  const { filesystem, version, meanwhile } = await holding(['/a', '/checked'], 'before');
  meanwhile.mockImplementation(() => filesystem.put('/checked', { body: bytes('later') }, 'any'));
  const committing = typedRejection(
    commit(filesystem, [put('/a', version('/a')), { check: '/checked', expectation: version('/checked') }]),
  );
  await vi.advanceTimersByTimeAsync(10);
  expect(await committing).toMatchObject({
    code: 'VERSION_MISMATCH',
    operation: 'commit',
    path: '/checked',
    paths: ['/checked'],
    outcome: 'not-applied',
  });
  expect(filesystem.count('_commit')).toBe(2);
});

test('one that is refused since it has landed before is found to have landed', async () => {
  const { filesystem, version } = await holding(['/a', '/b'], 'before');
  const first = deferred();
  filesystem.before('_commit', async (_context, nth) => {
    if (nth === 1) cut();
    // The first copy arrives at last.
    first.resolve();
    const { changes } = filesystem.commits[0] as (typeof filesystem.commits)[number];
    for (const each of changes) {
      if (each.change === 'put')
        filesystem.stored.set(each.path, { ...each.entry, path: each.path, version: each.version });
    }
  });
  const committing = commit(filesystem, [put('/a', version('/a')), put('/b', version('/b'))]);
  await first.promise;
  await vi.advanceTimersByTimeAsync(10);
  const { version: minted } = await committing;
  expect(filesystem.stored.get('/b')?.version).toBe(minted);
});

test('what is there and must not be may go again, so that nobody can tell for as long as it is looked into', async () => {
  const { filesystem, version, meanwhile } = await holding(['/a'], 'before');
  meanwhile.mockImplementation(() => filesystem.put('/new', { body: bytes('theirs') }, 'absent'));
  const committing = typedRejection(commit(filesystem, [put('/a', version('/a')), put('/new', 'absent')]));
  await vi.advanceTimersByTimeAsync(RESOLVE_LOST_REPLY_MS);
  expect(await committing).toMatchObject(unknown);
});

test('a commit whose deadline passes in flight is found by any of its entries', async () => {
  const { filesystem } = await holding([], 'after');
  filesystem.after('_commit', async () => {
    await filesystem.put('/a', { body: bytes('later') }, 'any');
    await never();
  });
  const committing = commit(filesystem, [put('/a', 'absent'), put('/b', 'absent')], { timeoutMs: 100 });
  await vi.advanceTimersByTimeAsync(100);
  expect((await committing).version).toBe(filesystem.stored.get('/b')?.version);
  filesystem.heal();
  filesystem.before('_commit', never);
  const hung = typedRejection(commit(filesystem, [put('/c', 'absent'), put('/d', 'absent')], { timeoutMs: 100 }));
  await vi.advanceTimersByTimeAsync(100 + IN_FLIGHT_GRACE_MS);
  expect(await hung).toMatchObject({ code: 'TIMEOUT', operation: 'commit', path: '/c', outcome: 'unknown' });
});

test('one of checks alone is asked again, and what it is told then is the answer', async () => {
  const { filesystem, version } = await holding(['/a', '/b'], 'before');
  const checks = ['/a', '/b'].map((path) => ({ check: path, expectation: version(path) }));
  const checking = commit(filesystem, checks);
  await vi.advanceTimersByTimeAsync(10);
  expect(await checking).toEqual({ version: undefined });
  filesystem.heal();
  filesystem.before('_commit', async (_context, nth) => {
    if (nth > 3) return;
    await filesystem.put('/b', { body: bytes('later') }, 'any');
    cut();
  });
  const refused = typedRejection(commit(filesystem, checks));
  await vi.advanceTimersByTimeAsync(10);
  expect(await refused).toMatchObject({ code: 'VERSION_MISMATCH', paths: ['/b'], outcome: 'not-applied' });
  expect(filesystem.calls.filter((call) => call === '_get')).toEqual([]);
});

test('one of checks alone whose replies are all lost has changed nothing', async () => {
  const { filesystem } = await holding([], 'before');
  filesystem.before('_commit', cut);
  const checking = typedRejection(commit(filesystem, [{ check: '/a', expectation: 'absent' }]));
  await vi.advanceTimersByTimeAsync(RESOLVE_LOST_REPLY_MS);
  expect(await checking).toMatchObject({ code: 'UNAVAILABLE', operation: 'commit', outcome: 'not-applied' });
  // After 10 ms, 20 ms, 40 ms and so on, up to 500 ms.
  expect(filesystem.count('_commit')).toBe(15);
  filesystem.calls.length = 0;
  // The next pause, 20 ms, would be all that is left.
  const bounded = typedRejection(commit(filesystem, [{ check: '/a', expectation: 'absent' }], { timeoutMs: 30 }));
  await vi.advanceTimersByTimeAsync(30);
  expect(await bounded).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-applied' });
  await settled();
  expect(filesystem.calls).toEqual(['_commit', '_commit']);
  filesystem.calls.length = 0;
  const controller = new AbortController();
  const aborted = typedRejection(
    commit(filesystem, [{ check: '/a', expectation: 'absent' }], { signal: controller.signal }),
  );
  await vi.advanceTimersByTimeAsync(5);
  controller.abort();
  expect(await aborted).toMatchObject({ code: 'ABORTED', outcome: 'not-applied' });
  await settled();
  expect(filesystem.calls).toEqual(['_commit']);
  expect(vi.getTimerCount()).toBe(0);
});
