import { expect, test, vi } from 'vitest';
import { bytes, textOf } from '../../../test/support/bytes.ts';
import { COMMITTING, CommittingFilesystem } from '../../../test/support/committing-filesystem.ts';
import { JUNK, THROWERS, throwingGetter } from '../../../test/support/hostile.ts';
import { BYTES_ONLY, MapFilesystem } from '../../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../../test/support/unhandled.ts';
import type { Version } from '../../versions/version.ts';
import { mintVersion } from '../../versions/version.ts';
import type { Change } from './change.ts';
import { commit } from './commit.ts';

failOnUnhandledRejections();

const entry = { body: bytes('new') };
const put = (path: string, expectation: 'absent' | 'any' | { readonly version: string } = 'any'): Change => ({
  put: path,
  entry,
  expectation,
});

async function holding(...paths: readonly string[]) {
  const filesystem = new CommittingFilesystem();
  const versions: Version[] = [];
  for (const path of paths) {
    const { version } = await filesystem.put(path, { body: bytes('old') }, 'absent');
    versions.push(version as Version);
  }
  filesystem.calls.length = 0;
  return { filesystem, versions: versions as [Version, Version, Version] };
}

test('what it puts has one version, what it deletes is gone, and what it checks is as it was', async () => {
  const { filesystem, versions } = await holding('/a', '/b', '/c');
  const { version } = await commit(filesystem, [
    put('/a', { version: versions[0] }),
    put('/new', 'absent'),
    { delete: '/b', expectation: { version: versions[1] } },
    { check: '/c', expectation: { version: versions[2] } },
    { check: '/none', expectation: 'absent' },
    { delete: '/neither', expectation: 'any' },
  ]);
  expect([...filesystem.stored].map(([path, found]) => [path, textOf(found), found.version])).toEqual([
    ['/a', 'new', version],
    ['/c', 'old', versions[2]],
    ['/new', 'new', version],
  ]);
  expect(filesystem.calls).toEqual(['_commit']);
});

test('where deletes take no version, puts and checks of a commit take theirs', async () => {
  const filesystem = new CommittingFilesystem({ ...COMMITTING, conditionalDelete: false });
  const { version } = await filesystem.put('/a', { body: bytes('old') }, 'absent');
  const expectation = { version: version as Version };
  await commit(filesystem, [put('/b', 'absent'), { check: '/a', expectation }]);
  await commit(filesystem, [put('/a', expectation), { delete: '/b', expectation: 'any' }]);
  const refused = await typedRejection(commit(filesystem, [{ delete: '/a', expectation }]));
  expect(refused).toMatchObject({ code: 'UNSUPPORTED', capability: 'conditionalDelete' });
  // Only what is put has the version of the commit.
  expect(filesystem.commits.map(({ changes }) => changes.map((each) => 'version' in each))).toEqual([
    [true, false],
    [true, false],
  ]);
});

test('what is no filesystem is refused with an outcome, as a change is', async () => {
  const error = await typedRejection(commit({} as never, [put('/a')]));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'commit', path: '/a', outcome: 'not-applied' });
});

test('one that puts nothing has no version', async () => {
  const { filesystem, versions } = await holding('/a', '/b');
  const check = { check: '/b', expectation: { version: versions[1] } };
  expect(await commit(filesystem, [{ delete: '/a', expectation: 'any' }, check])).toEqual({ version: undefined });
  expect(await commit(filesystem, [check])).toStrictEqual({ version: undefined });
});

test('a mismatch names every path whose expectation does not hold, and nothing is done', async () => {
  const { filesystem, versions } = await holding('/a', '/b', '/c');
  const stale = { version: mintVersion() };
  const error = await typedRejection(
    commit(filesystem, [
      put('/a', { version: versions[0] }),
      put('/b', 'absent'),
      { check: '/none', expectation: stale },
      { check: '/nothing', expectation: 'absent' },
      { delete: '/c', expectation: stale },
    ]),
  );
  expect(error).toMatchObject({
    code: 'VERSION_MISMATCH',
    operation: 'commit',
    path: '/b',
    paths: ['/b', '/none', '/c'],
    outcome: 'not-applied',
    retryable: false,
  });
  expect(error.toJSON()).toMatchObject({ paths: ['/b', '/none', '/c'] });
  expect([...filesystem.stored.values()].map(textOf)).toEqual(['old', 'old', 'old']);
});

test('what the caller changes while it waits changes nothing', async () => {
  const { filesystem } = await holding();
  const body = bytes('mine');
  const changes = [{ put: '/a', entry: { body }, expectation: 'any' as 'any' | 'absent' }];
  const committing = commit(filesystem, changes);
  body.fill(0);
  Object.assign(changes[0] as object, { put: '/elsewhere', expectation: 'absent' });
  changes.length = 0;
  await committing;
  expect([...filesystem.stored].map(([path, found]) => [path, textOf(found)])).toEqual([['/a', 'mine']]);
});

test('everything is looked at once', async () => {
  const { filesystem } = await holding();
  const reads = new Map<string, number>();
  const counted = <T extends object>(target: T, prefix: string): T =>
    new Proxy(target, {
      get: (from, key) => {
        const name = `${prefix}.${String(key)}`;
        reads.set(name, (reads.get(name) ?? 0) + 1);
        return Reflect.get(from, key) as unknown;
      },
    });
  const change = counted(
    { put: '/a', entry: counted({ body: bytes('x') }, 'entry'), expectation: 'any' } as const,
    '0',
  );
  await commit(filesystem, [change]);
  expect(Math.max(...reads.values())).toBe(1);
});

const UNDEFINED_PATH = { path: undefined, outcome: 'not-applied', operation: 'commit' };

test.each(JUNK.filter((it) => !Array.isArray(it)).map((value) => [value]))('%o are no changes', async (value) => {
  const { filesystem } = await holding();
  const error = await typedRejection(commit(filesystem, value as never));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', ...UNDEFINED_PATH });
  expect(error.message).toMatch(/^changes must be an array; got/);
});

const version = mintVersion();

test.each<[string, unknown, string, string | undefined]>([
  ['none', [], 'changes must have at least one change', undefined],
  ['a hole', Object.assign([put('/a')], { length: 2 }), 'changes[1] must be an object', '/a'],
  ['nothing at all', [undefined], 'changes[0] must be an object; got undefined', undefined],
  [
    'nothing to do',
    [put('/a'), { expectation: 'any' }],
    'changes[1] must have one of put, delete, check; it has none',
    '/a',
  ],
  ['two things to do', [{ put: '/a', delete: '/a', expectation: 'any' }], 'it has put and delete', undefined],
  ['an unknown key', [put('/a'), { ...put('/b'), entri: 1 }], 'changes[1] has an unknown key entri', '/a'],
  ['a body beside the entry', [{ put: '/a', ...entry }], 'unknown key body (it belongs into entry)', undefined],
  ['no expectation', [put('/a'), { put: '/b', entry }], 'changes[1].expectation must be', '/b'],
  ['a put without an entry', [put('/a'), { put: '/b', expectation: 'any' }], 'changes[1].entry must be', '/b'],
  ['a body of text', [put('/a'), { ...put('/b'), entry: { body: 'x' } }], 'changes[1].entry.body must be', '/b'],
  ['a misspelt key of an entry', [{ ...put('/a'), entry: { bod: 1 } }], 'changes[0].entry has an unknown key', '/a'],
  [
    'an index that is none',
    [{ ...put('/a'), entry: { ...entry, indexed: [] } }],
    'changes[0].entry.indexed must',
    '/a',
  ],
  ['an entry to delete', [{ delete: '/a', entry, expectation: 'any' }], 'changes[0].entry must be left out', '/a'],
  ['an entry to check', [{ check: '/a', entry, expectation: 'absent' }], 'changes[0].entry must be left out', '/a'],
  ['a check of anything', [{ check: '/a', expectation: 'any' }], 'changes[0].expectation must be "absent" or {', '/a'],
  ['a delete of nothing', [{ delete: '/a', expectation: 'absent' }], 'changes[0].expectation must be "any" or {', '/a'],
  ['a bare version', [put('/a'), { check: '/b', expectation: version }], 'changes[1].expectation must be', '/b'],
  [
    'a path twice',
    [put('/a'), put('/b'), { check: '/b', expectation: 'absent' }],
    'changes[2] must be at a path',
    '/b',
  ],
])('%s is refused, and the message says where', async (_, changes, message, path) => {
  const { filesystem } = await holding();
  const error = await typedRejection(commit(filesystem, changes as never));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'commit', path, outcome: 'not-applied' });
  expect(error.message).toContain(message);
  expect(filesystem.calls).toEqual([]);
});

test('a path that is none is refused with its place', async () => {
  const { filesystem } = await holding();
  for (const [changes, message, path] of [
    [[put('a')], 'changes[0].put: ', undefined],
    [[put('/a'), { check: '/b/', expectation: 'absent' }], 'changes[1].check: ', '/a'],
    [[put('/a'), { delete: 5, expectation: 'any' }], 'changes[1].delete: ', '/a'],
    [[put('/a'), put('/')], 'changes[1].put: ', '/a'],
  ] as const) {
    const error = await typedRejection(commit(filesystem, changes as never));
    expect(error).toMatchObject({ code: 'INVALID_PATH', operation: 'commit', path, outcome: 'not-applied' });
    expect(error.message).toContain(message);
  }
});

test.each(THROWERS)('%s in any place is refused as an argument', async (_, thrower) => {
  const { filesystem } = await holding();
  for (const changes of [
    thrower(),
    [thrower()],
    [put('/a'), thrower()],
    [{ ...put('/a'), entry: thrower() }],
    [{ ...put('/a'), expectation: thrower() }],
    [throwingGetter('put', { entry, expectation: 'any' })],
    [{ ...put('/a'), entry: throwingGetter('body') }],
    new Proxy([put('/a')], { get: () => thrower() }),
  ]) {
    const error = await typedRejection(commit(filesystem, changes as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'commit', outcome: 'not-applied' });
    expect(error.message).not.toContain('secret');
  }
  const options = await typedRejection(commit(filesystem, [put('/a')], thrower() as never));
  expect(options).toMatchObject({ code: 'INVALID_ARGUMENT', path: '/a' });
  expect(filesystem.calls).toEqual([]);
});

test('what is no filesystem is refused', async () => {
  for (const none of [undefined, null, {}, new Map(), Promise.resolve(new CommittingFilesystem())]) {
    const error = await typedRejection(commit(none as never, [put('/a')]));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'commit', path: '/a', outcome: 'not-applied' });
  }
});

test('where commits are not claimed, and exactly so, it is refused before anything is touched', async () => {
  const lacking: readonly (readonly [object, string])[] = [
    [{ planes: [] }, 'planes'],
    [{ planes: undefined }, 'planes'],
    [{ planes: 'atomic-commit' }, 'planes'],
    [{ planes: ['watch'] }, 'planes'],
    [{ cas: 'create-only' }, 'cas'],
    [{ maxCommitChanges: undefined }, 'maxCommitChanges'],
    [{ maxCommitChanges: 0 }, 'maxCommitChanges'],
    [{ maxCommitChanges: Infinity }, 'maxCommitChanges'],
    [{ maxCommitBytes: undefined }, 'maxCommitBytes'],
    [{ maxCommitBytes: '1000' }, 'maxCommitBytes'],
    [{ maxCommitBytes: -1 }, 'maxCommitBytes'],
  ];
  for (const [changed, capability] of lacking) {
    const filesystem = new CommittingFilesystem({ ...COMMITTING, ...changed });
    const refused = { code: 'UNSUPPORTED', operation: 'commit', path: '/a', capability, outcome: 'not-applied' };
    expect(await typedRejection(commit(filesystem, [put('/a')]))).toMatchObject(refused);
    expect(await typedRejection(commit(filesystem, [{ check: '/a', expectation: 'absent' }]))).toMatchObject(refused);
    expect(filesystem.calls).toEqual([]);
  }
  for (const claims of ['none', null, BYTES_ONLY]) {
    const error = await typedRejection(commit(new CommittingFilesystem(claims), [put('/a')]));
    expect(error).toMatchObject({ code: 'UNSUPPORTED', capability: 'planes' });
    expect(error.message).toContain('the plane "atomic-commit"');
  }
  const without = new MapFilesystem(COMMITTING);
  expect(await typedRejection(commit(without, [put('/a')]))).toMatchObject({
    code: 'UNSUPPORTED',
    capability: 'planes',
  });
});

test('each change is gated as the call that it stands for, at its own path', async () => {
  const filesystem = new CommittingFilesystem({
    ...COMMITTING,
    records: false,
    conditionalDelete: false,
    maxPathBytes: 4,
  });
  const refusals: readonly (readonly [Change, object])[] = [
    [
      { put: '/b', entry: { ...entry, kind: 'k' }, expectation: 'any' },
      { code: 'UNSUPPORTED', capability: 'records' },
    ],
    [
      { delete: '/b', expectation: { version } },
      { code: 'UNSUPPORTED', capability: 'conditionalDelete' },
    ],
    [
      { check: '/bbbb', expectation: 'absent' },
      { code: 'INVALID_PATH', path: '/bbbb' },
    ],
    [
      { put: '/b', entry: { body: new Uint8Array(COMMITTING.maxBodyBytes + 1) }, expectation: 'any' },
      { code: 'BODY_TOO_LARGE' },
    ],
  ];
  for (const [change, refused] of refusals) {
    const error = await typedRejection(commit(filesystem, [put('/a'), change]));
    expect(error).toMatchObject({ operation: 'commit', path: '/b', outcome: 'not-applied', ...refused });
  }
  expect(filesystem.calls).toEqual([]);
});

test('an adapter that claims something else at each path is asked at each', async () => {
  class ByPath extends CommittingFilesystem {
    protected override _capabilitiesAt(path?: string) {
      return path?.startsWith('/plain') === true ? BYTES_ONLY : COMMITTING;
    }
  }
  const filesystem = new ByPath();
  const error = await typedRejection(commit(filesystem, [put('/a'), put('/plain/b')]));
  expect(error).toMatchObject({ code: 'UNSUPPORTED', capability: 'planes' });
  expect(filesystem.calls).toEqual([]);
  await commit(filesystem, [put('/a'), put('/b')]);
});

test('it may be as large as the limits, and no larger', async () => {
  const filesystem = new CommittingFilesystem({ ...COMMITTING, maxCommitChanges: 3, maxCommitBytes: 10 });
  const sized = (path: string, length: number): Change => ({
    put: path,
    entry: { body: new Uint8Array(length) },
    expectation: 'any',
  });
  const check: Change = { check: '/none', expectation: 'absent' };
  await commit(filesystem, [sized('/a', 4), sized('/b', 6), check]);
  const tooLarge = {
    code: 'COMMIT_TOO_LARGE',
    operation: 'commit',
    path: '/a',
    outcome: 'not-applied',
    retryable: false,
  };
  expect(await typedRejection(commit(filesystem, [sized('/a', 1), sized('/b', 1), check, put('/c')]))).toMatchObject({
    ...tooLarge,
    message: 'a commit may have at most 3 changes here; this one has 4',
    capability: 'maxCommitChanges',
  });
  expect(await typedRejection(commit(filesystem, [sized('/a', 4), sized('/b', 7)]))).toMatchObject({
    ...tooLarge,
    message: 'a commit may have at most 10 bytes of bodies here; this one has 11',
    capability: 'maxCommitBytes',
  });
  expect(filesystem.calls).toEqual(['_commit']);
});

test('its deadline and abort end it before it is sent', async () => {
  const { filesystem } = await holding();
  for (const [options, code] of [
    [{ timeoutMs: 0 }, 'TIMEOUT'],
    [{ signal: AbortSignal.abort() }, 'ABORTED'],
  ] as const) {
    for (const change of [put('/a'), { check: '/a', expectation: 'absent' } as const]) {
      const error = await typedRejection(commit(filesystem, [change], options));
      expect(error).toMatchObject({ code, operation: 'commit', path: '/a', outcome: 'not-applied' });
    }
  }
  expect(filesystem.calls).toEqual([]);
  await filesystem.close();
  expect(await typedRejection(commit(filesystem, [put('/a')]))).toMatchObject({
    code: 'CLOSED',
    outcome: 'not-applied',
  });
});

test('an error of the backend has the path that it names, or else the first', async () => {
  const { filesystem } = await holding();
  const failing = vi.fn<() => never>(() => {
    throw new Error('secret');
  });
  filesystem.before('_commit', failing);
  const error = await typedRejection(commit(filesystem, [put('/a', 'absent'), put('/b', 'absent')]));
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', operation: 'commit', path: '/a', outcome: 'unknown' });
  expect(
    await rejection(commit(filesystem, [{ check: '/a', expectation: 'absent' }], { timeoutMs: 50 })),
  ).toMatchObject({
    outcome: 'not-applied',
  });
});
