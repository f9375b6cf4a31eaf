import { expect, test } from 'vitest';
import { bytes } from '../../test/support/bytes.ts';
import { countingController } from '../../test/support/counting-signal.ts';
import { JUNK, THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { mountTable } from '../mounts/mount-table.ts';
import { withPrefix } from '../layers/with-prefix.ts';
import type { Permission } from '../routing/route.ts';
import { scopedView } from '../views/scoped-view.ts';

failOnUnhandledRejections();

const ALL: readonly Permission[] = ['read', 'write', 'delete', 'list'];
const entry = { body: bytes('x') };

/** Each has `/a/e`, and something nested in `/a`. */
const WRAPPERS: Readonly<Record<string, (filesystem: RootFilesystem) => RootFilesystem>> = {
  'a mount table': (filesystem) =>
    mountTable([
      { at: '/', filesystem },
      { at: '/a/m', filesystem: withPrefix(filesystem, '/a/m') },
    ]),
  'a mount table without a root': (filesystem) => mountTable([{ at: '/a', filesystem }]),
  'a view': (filesystem) =>
    scopedView(filesystem, [
      { at: '/a', to: '/t', permissions: ALL },
      { at: '/a/b/c', to: '/', permissions: ALL },
    ]),
  'a view of a table': (filesystem) =>
    scopedView(mountTable([{ at: '/t', filesystem }]), [{ at: '/a', to: '/t', permissions: ALL }]),
};
const wrappers = Object.entries(WRAPPERS);

type Call = (path: string, options: unknown) => Promise<unknown>;

function callsOf(filesystem: RootFilesystem): Readonly<Record<string, Call>> {
  return {
    get: (path, options) => filesystem.get(path, options as object),
    put: (path, options) => filesystem.put(path, entry, 'any', options as object),
    delete: (path, options) => filesystem.delete(path, 'any', options as object),
    list: (path, options) => filesystem.list(path, options as object),
    entries: (path, options) => filesystem.entries(path, options as object).next(),
  };
}

const WRONG_OPTIONS: readonly unknown[] = [
  5,
  null,
  'all',
  true,
  Symbol('options'),
  () => {},
  [1],
  { unknown: 1 },
  { timeout: 5 },
  { [Symbol('signal')]: 1 },
  Object.defineProperty({}, 'hidden', { value: 1 }),
  { timeoutMs: -1 },
  { timeoutMs: '5' },
  { timeoutMs: null },
  { signal: {} },
  { signal: null },
  { signal: 'now' },
  throwingGetter('signal'),
  throwingGetter('timeoutMs'),
  ...THROWERS.map(([, make]) => make()),
];

test.each(wrappers)('options that are none are refused through %s as they are without it', async (_, wrap) => {
  for (const options of WRONG_OPTIONS) {
    const filesystem = new MapFilesystem();
    const plain = callsOf(new MapFilesystem());
    for (const [operation, call] of Object.entries(callsOf(wrap(filesystem)))) {
      const path = operation === 'list' || operation === 'entries' ? '/a' : '/a/e';
      const refusal = await typedRejection(call(path, options));
      expect(refusal.toJSON()).toEqual((await typedRejection((plain[operation] as Call)(path, options))).toJSON());
      expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', operation, path });
    }
    expect(filesystem.calls).toEqual([]);
  }
});

test.each(wrappers)('so are cursors and limits, through %s', async (_, wrap) => {
  const filesystem = new MapFilesystem();
  const calls = callsOf(wrap(filesystem));
  const list = calls['list'] as Call;
  const entries = calls['entries'] as Call;
  for (const options of [
    { limit: 0 },
    { limit: 1001 },
    { limit: '5' },
    { after: '' },
    { after: 'a/b' },
    { after: 5 },
  ]) {
    expect(await typedRejection(list('/a', options))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      operation: 'list',
      path: '/a',
    });
  }
  for (const options of [
    { pageSize: 0 },
    { pageSize: 1.5 },
    { after: 'a' },
    { after: '/' },
    { after: '/../t' },
    { limit: 1 },
    throwingGetter('after'),
  ]) {
    const refusal = await typedRejection(entries('/a', options));
    expect(refusal).toMatchObject({ operation: 'entries', path: '/a' });
    expect(refusal.code).toMatch(/^INVALID_(ARGUMENT|PATH)$/);
  }
  expect(filesystem.calls).toEqual([]);
});

test.each(wrappers)('paths that are none are refused through %s with the name of the operation', async (_, wrap) => {
  const filesystem = new MapFilesystem();
  const wrapped = wrap(filesystem);
  for (const path of [...JUNK, ...THROWERS.map(([, make]) => make()), 'a', '/a/', '/a/../e', '/a\u0000']) {
    for (const [operation, call] of Object.entries(callsOf(wrapped))) {
      expect(await typedRejection(call(path as string, undefined))).toMatchObject({
        code: 'INVALID_PATH',
        operation,
        path: undefined,
      });
    }
    const error = typedThrow(() => wrapped.capabilitiesAt(path as string));
    expect(error).toMatchObject({ code: 'INVALID_PATH', operation: 'capabilitiesAt' });
  }
  for (const operation of ['get', 'put', 'delete'] as const) {
    expect((await typedRejection((callsOf(wrapped)[operation] as Call)('/', undefined))).code).toBe('INVALID_PATH');
  }
  expect(filesystem.calls).toEqual([]);
});

test.each(wrappers)('entries and expectations that are none are refused through %s', async (_, wrap) => {
  const filesystem = new MapFilesystem();
  const wrapped = wrap(filesystem);
  const values = [...JUNK.filter((it) => it !== 'any'), ...THROWERS.map(([, make]) => make())];
  for (const value of values) {
    const calls = {
      put: [wrapped.put('/a/e', value as never, 'any'), wrapped.put('/a/e', entry, value as never)],
      delete: [wrapped.delete('/a/e', value as never)],
    };
    for (const [operation, refused] of Object.entries(calls)) {
      for (const call of refused) {
        const error = await typedRejection(call);
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation, path: '/a/e', outcome: 'not-applied' });
      }
    }
  }
  expect(filesystem.calls).toEqual([]);
});

test.each(wrappers)('%s leaves no listener on a signal', async (_, wrap) => {
  const filesystem = new MapFilesystem();
  const wrapped = wrap(filesystem);
  await wrapped.put('/a/e', entry, 'any');
  const controller = countingController();
  for (const path of ['/a', '/a/e', '/']) {
    for (const call of Object.values(callsOf(wrapped))) {
      await call(path, { signal: controller.signal, timeoutMs: 10_000 }).catch(() => {});
    }
  }
  expect(controller.listeners()).toBe(0);
});

test.each(wrappers)('%s adds no backend call', async (_, wrap) => {
  const [plain, wrapped] = [new MapFilesystem(), new MapFilesystem()];
  const through = callsOf(wrap(wrapped));
  for (const [operation, call] of Object.entries(callsOf(plain))) {
    if (operation === 'entries') continue;
    const path = operation === 'list' ? '/a' : '/a/e';
    await call(path, undefined);
    await (through[operation] as Call)(path, undefined);
  }
  expect(wrapped.calls).toEqual(plain.calls);
});

test('a filesystem that throws at once, or answers with no promise, is a backend that failed', async () => {
  const broken = {
    capabilitiesAt: () => {
      throw new Error('boom');
    },
    get: () => {
      throw new Error('boom');
    },
    put: () => 5,
    delete: () => undefined,
    list: () => Promise.reject(new Error('boom')),
    entries: () => {
      throw new Error('boom');
    },
  } as unknown as RootFilesystem;
  const table = mountTable([{ at: '/a', filesystem: broken }]);
  for (const [operation, call] of Object.entries(callsOf(table))) {
    const path = operation === 'list' || operation === 'entries' ? '/a' : '/a/e';
    expect(await typedRejection(call(path, undefined))).toMatchObject({ code: 'BACKEND_FAILED', operation, path });
  }
  expect(typedThrow(() => table.capabilitiesAt('/a'))).toMatchObject({ code: 'BACKEND_FAILED', path: '/a' });
});

test.each(wrappers)(
  '%s tells a caller who has given up so, also where nothing can be below a cursor',
  async (_, wrap) => {
    const filesystem = wrap(new MapFilesystem());
    const late = [
      { options: { after: '/z', signal: AbortSignal.abort() }, code: 'ABORTED' },
      { options: { after: '/z', timeoutMs: 0 }, code: 'TIMEOUT' },
    ] as const;
    for (const { options, code } of late) {
      const error = await typedRejection(filesystem.entries('/a', options).next());
      expect(error).toMatchObject({ code, operation: 'entries', path: '/a' });
    }
  },
);
