import { expect, test } from 'vitest';
import type { Capabilities } from '../src/capabilities/capabilities.ts';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import type { RecordCodec } from '../src/codecs/record-codec.ts';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { withPrefix } from '../src/layers/with-prefix.ts';
import { withTimeout } from '../src/layers/with-timeout.ts';
import { mountTable } from '../src/mounts/mount-table.ts';
import type { Permission } from '../src/routing/route.ts';
import { scopedView } from '../src/views/scoped-view.ts';
import { bytes } from './support/bytes.ts';
import { WRAPS } from './support/core-wrappers.ts';
import { ROOMY } from './support/encrypted.ts';
import { THROWERS } from './support/hostile.ts';
import { BYTES_ONLY, EVERYTHING, MapFilesystem } from './support/map-filesystem.ts';
import { typedRejection } from './support/rejection.ts';
import { failOnUnhandledRejections } from './support/unhandled.ts';

failOnUnhandledRejections();

const ALL: readonly Permission[] = ['read', 'write', 'delete', 'list'];
const codec = jsonCodec<number>({ kind: 'n' });

/** Three wrappers around it, and what `/files/e` is called through them. */
type Wrap = (files: RootFilesystem) => { readonly filesystem: RootFilesystem; readonly path: string };

const WRAPPERS: Readonly<Record<string, Wrap>> = {
  'three views': (files) => {
    const first = scopedView(files, [{ at: '/files', to: '/', permissions: ALL }]);
    const second = scopedView(first, [{ at: '/two', to: '/files', permissions: ALL }]);
    return { filesystem: scopedView(second, [{ at: '/', to: '/two', permissions: ALL }]), path: '/e' };
  },
  'three mount tables, with capable mounts beside and around it in each': (files) => {
    const around = (at: string, filesystem: RootFilesystem): RootFilesystem =>
      mountTable([
        { at: '/', filesystem: new MapFilesystem(EVERYTHING), requires: { cas: 'versioned' } },
        { at: `${at}-records`, filesystem: new MapFilesystem(EVERYTHING) },
        { at, filesystem },
        { at: `${at}/records`, filesystem: new MapFilesystem(EVERYTHING) },
      ]);
    return { filesystem: around('/c', around('/b', around('/a', files))), path: '/c/b/a/e' };
  },
  'a view of a table of a view': (files) => {
    const inner = scopedView(files, [{ at: '/in', to: '/', permissions: ALL }]);
    const table = mountTable([
      { at: '/', filesystem: new MapFilesystem(EVERYTHING) },
      { at: '/m', filesystem: inner },
    ]);
    return { filesystem: scopedView(table, [{ at: '/out', to: '/m/in', permissions: ALL }]), path: '/out/e' };
  },
  'a table of a view of a table': (files) => {
    const inner = mountTable([
      { at: '/f', filesystem: files },
      { at: '/', filesystem: new MapFilesystem(EVERYTHING) },
    ]);
    const view = scopedView(inner, [
      { at: '/', to: '/f', permissions: ALL },
      { at: '/records', to: '/', permissions: ALL },
    ]);
    return { filesystem: mountTable([{ at: '/v', filesystem: view }]), path: '/v/e' };
  },
};

const nothing = new MapFilesystem(EVERYTHING);
const atRoot = (filesystem: RootFilesystem): RootFilesystem => mountTable([{ at: '/', filesystem }]);

/** Filesystems in filesystems, and a path where one begins. */
const BEGINNINGS: Readonly<Record<string, readonly [RootFilesystem, string]>> = {
  'a view of a view': [
    scopedView(scopedView(nothing, [{ at: '/', to: '/t', permissions: ['read', 'list'] }]), [
      { at: '/a', to: '/', permissions: ['read'] },
    ]),
    '/a',
  ],
  'a table in a table': [mountTable([{ at: '/m', filesystem: atRoot(nothing) }]), '/m'],
  'a table in a table in a table': [mountTable([{ at: '/m/n', filesystem: atRoot(atRoot(nothing)) }]), '/m/n'],
  'a table over a prefix': [mountTable([{ at: '/m', filesystem: withPrefix(nothing, '/p') }]), '/m'],
  'a layer over a table in a table': [
    withTimeout(mountTable([{ at: '/m', filesystem: atRoot(nothing) }]), { timeoutMs: 5000 }),
    '/m',
  ],
};

test.each(Object.entries(BEGINNINGS))('where %s begins is no entry to update', async (_, [filesystem, path]) => {
  nothing.calls.length = 0;
  const update = casUpdate(filesystem, path, codec, () => CasApply.write(1));
  expect(await typedRejection(update)).toMatchObject({ code: 'INVALID_PATH', operation: 'casUpdate', path });
  expect(nothing.calls).toEqual([]);
});

test('claims that shrink are believed at once, also through a view', async () => {
  const claims = { ...EVERYTHING };
  let puts = 0;
  const stranger = {
    capabilitiesAt: () => claims,
    get: async () => undefined,
    put: async () => ({ version: `${(puts += 1)}` }),
  } as unknown as RootFilesystem;
  const view = scopedView(stranger, [{ at: '/', to: '/t', permissions: ALL }]);
  expect(view.capabilitiesAt('/e').cas).toBe('versioned');
  Object.assign(claims, BYTES_ONLY);
  expect(view.capabilitiesAt('/e')).toMatchObject({ cas: 'create-only', records: false });
  const update = casUpdate(view, '/e', codec, () => CasApply.write(1));
  expect((await typedRejection(update)).code).toBe('CAS_UNSUPPORTED');
  expect(puts).toBe(0);
});

/** Backends that cannot, in every way. */
const BACKENDS: Readonly<Record<string, unknown>> = {
  'bytes only': BYTES_ONLY,
  'no conditions at all': { ...BYTES_ONLY, cas: 'none' },
  'versions without records': { ...EVERYTHING, records: false },
  'nothing known': undefined,
  nothing: null,
  'a word': 'versioned',
  'no `cas`': { ...BYTES_ONLY, cas: undefined },
  'claims with getters': Object.defineProperty({ ...BYTES_ONLY }, 'cas', {
    get: () => 'create-only',
    enumerable: true,
  }),
};

const cases = Object.entries(WRAPPERS).flatMap(([wrapper, wrap]) =>
  Object.entries(BACKENDS).map(([backend, claims]) => [backend, wrapper, claims, wrap] as const),
);

test.each(cases)(
  'a backend with %s, through %s, is refused an update before anything is read',
  async (_, __, claims, wrap) => {
    const files = new MapFilesystem();
    files.claims = claims;
    const { filesystem, path } = wrap(files);
    let decided = 0;
    for (const decide of [
      () => CasApply.write(1),
      () => CasApply.forceWrite(1),
      () => CasApply.delete(),
      () => CasApply.noOp(),
    ]) {
      const update = casUpdate(filesystem, path, codec, () => {
        decided += 1;
        return decide();
      });
      expect(await typedRejection(update)).toMatchObject({
        code: 'CAS_UNSUPPORTED',
        operation: 'casUpdate',
        path,
        outcome: 'not-applied',
      });
    }
    expect(decided).toBe(0);
    expect(files.calls).toEqual([]);
    expect(files.stored.size).toBe(0);
  },
);

test.each(cases)('a backend with %s, through %s, is refused a record, also the first', async (_, __, claims, wrap) => {
  const files = new MapFilesystem();
  files.claims = claims;
  const { filesystem, path } = wrap(files);
  for (const expectation of ['absent', 'any'] as const) {
    const put = filesystem.put(path, { body: bytes('1'), kind: 'n' }, expectation);
    expect(await typedRejection(put)).toMatchObject({ code: 'UNSUPPORTED', path, outcome: 'not-applied' });
  }
  expect(files.calls).toEqual([]);
});

test.each(Object.entries(WRAPPERS))('a capable backend through %s is not refused', async (_, wrap) => {
  const { filesystem, path } = wrap(new MapFilesystem());
  const add = (): Promise<unknown> => casUpdate(filesystem, path, codec, (n) => CasApply.write((n ?? 0) + 1));
  await Promise.all([add(), add(), add()]);
  expect((await casUpdate(filesystem, path, codec, () => CasApply.noOp())).snapshot).toBe(3);
});

test.each(Object.entries(WRAPPERS))('what a wrapper of a stranger hides below %s stays hidden', async (_, wrap) => {
  const capable = new MapFilesystem();
  const hiding = new Proxy<RootFilesystem>(capable, {
    get: (target, key) => {
      if (key === 'capabilitiesAt')
        return (path: string): Capabilities => ({ ...target.capabilitiesAt(path), cas: 'create-only', records: false });
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const { filesystem, path } = wrap(hiding);
  const update = casUpdate(filesystem, path, codec, () => CasApply.write(1));
  expect((await typedRejection(update)).code).toBe('CAS_UNSUPPORTED');
  expect(capable.calls).toEqual([]);
});

test.each(Object.entries(WRAPPERS))(
  'a backend that lies, through %s, is found out at its first refusal',
  async (_, wrap) => {
    const files = new MapFilesystem(EVERYTHING);
    files.before('_put', () => Promise.reject(new HoldfastError('UNSUPPORTED', 'no versions', { capability: 'cas' })));
    const { filesystem, path } = wrap(files);
    const error = await typedRejection(casUpdate(filesystem, path, codec, () => CasApply.write(1)));
    expect(error).toMatchObject({ code: 'CAS_UNSUPPORTED', path, capability: 'cas', outcome: 'not-applied' });
    expect(files.count('_put')).toBe(1);
    expect(files.stored.size).toBe(0);
  },
);

test('an update where nothing is mounted is refused, and nothing is asked', async () => {
  const files = new MapFilesystem();
  const table = mountTable([{ at: '/m', filesystem: files }]);
  const update = casUpdate(table, '/x', codec, () => CasApply.write(1));
  expect(await typedRejection(update)).toMatchObject({ code: 'NOT_MOUNTED', path: '/x' });
  expect(files.calls).toEqual([]);
});

const THROWN = Object.entries(WRAPS).flatMap(([wrapper, wrap]) =>
  THROWERS.map(([what, make]) => ({ wrapper, wrap, what, make })),
);

test.each(THROWN)('$what that apply or the codec throws through $wrapper reaches the caller', async (given) => {
  const { wrap, make } = given;
  const filesystem = wrap(new MapFilesystem(ROOMY));
  const thrown = make();
  const fail = (): never => {
    // What cannot be told from an error by looking at it.
    throw thrown;
  };
  const failing: RecordCodec<number> = { encode: fail, decode: fail };
  await casUpdate(filesystem, '/n', codec, () => CasApply.write(1));
  const updates = [
    () => casUpdate(filesystem, '/n', codec, fail),
    () => casUpdate(filesystem, '/n', codec, async () => fail()),
    () => casUpdate(filesystem, '/n', failing, () => CasApply.noOp()),
    () => casUpdate(filesystem, '/new', failing, () => CasApply.write(1)),
  ];
  for (const update of updates) {
    const same = await update().then(
      () => false,
      // Compared here: a promise would look at it.
      (error: unknown) => error === thrown,
    );
    expect(same).toBe(true);
  }
});

test.each(THROWN)('$what that an adapter throws below $wrapper is a failure of the backend', async (given) => {
  const { wrap, make } = given;
  const backend = new MapFilesystem(ROOMY);
  const filesystem = wrap(backend);
  const thrown = make();
  for (const call of ['_get', '_put', '_delete', '_scan'] as const) {
    backend.before(call, () => {
      throw thrown;
    });
  }
  const entry = { body: bytes('x') };
  const codes = await Promise.all(
    [
      filesystem.get('/a'),
      filesystem.put('/a', entry, 'any', { timeoutMs: 50 }),
      filesystem.delete('/a', 'any', { timeoutMs: 50 }),
      filesystem.list('/'),
      filesystem.entries('/').next(),
    ].map(async (call) => (await typedRejection(call)).code),
  );
  expect(codes).toEqual([
    'BACKEND_FAILED',
    expect.stringMatching(/BACKEND_FAILED|OUTCOME_UNKNOWN|TIMEOUT/),
    expect.stringMatching(/BACKEND_FAILED|OUTCOME_UNKNOWN|TIMEOUT/),
    'BACKEND_FAILED',
    'BACKEND_FAILED',
  ]);
});
