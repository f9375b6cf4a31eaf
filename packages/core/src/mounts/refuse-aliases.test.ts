import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from '../../test/support/bytes.ts';
import { testKey } from '../../test/support/encrypted.ts';
import { EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import { stranger } from '../../test/support/stranger.ts';
import { place } from '../../test/support/wrapper-arbitraries.ts';
import type { StorePlace } from '../filesystem/region.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { withConcurrencyLimit } from '../layers/with-concurrency-limit.ts';
import { withEncryption } from '../layers/with-encryption.ts';
import { withPrefix } from '../layers/with-prefix.ts';
import { withReadOnly } from '../layers/with-read-only.ts';
import { withRetry } from '../layers/with-retry.ts';
import { withTimeout } from '../layers/with-timeout.ts';
import { withTracing } from '../layers/with-tracing.ts';
import { parseDirectory, parsePath } from '../paths/virtual-path.ts';
import type { Permission } from '../routing/route.ts';
import { scopedView } from '../views/scoped-view.ts';
import { mountTable, type Mount } from './mount-table.ts';

const ALL: readonly Permission[] = ['read', 'write', 'delete', 'list'];

const encrypt = (filesystem: RootFilesystem): RootFilesystem =>
  withEncryption(filesystem, { keys: { k: testKey(1) }, currentKey: 'k' });

const view = (filesystem: RootFilesystem, to: string, permissions: readonly Permission[] = ALL): RootFilesystem =>
  scopedView(filesystem, [{ at: '/', to, permissions }]);

/** Ways to have the whole of a store once more. */
const AGAIN: Readonly<Record<string, (store: RootFilesystem) => RootFilesystem>> = {
  'as it is': (store) => store,
  encrypted: encrypt,
  limited: (store) => withConcurrencyLimit(store),
  'read only': withReadOnly,
  'tried again': (store) => withRetry(store),
  'with a deadline': (store) => withTimeout(store, { timeoutMs: 1 }),
  traced: (store) => withTracing(store),
  'as a view': (store) => view(store, '/'),
  'as a view that may only be listed': (store) => view(store, '/', ['list']),
  'with a prefix that leads to the root': (store) => withPrefix(store, '/'),
  'in a table': (store) => mountTable([{ at: '/', filesystem: store }]),
  'somewhere in a table of tables, encrypted': (store) =>
    encrypt(
      mountTable([
        { at: '/', filesystem: new MapFilesystem() },
        { at: '/deep', filesystem: mountTable([{ at: '/deeper', filesystem: encrypt(store) }]) },
      ]),
    ),
  'one directory of it': (store) => withPrefix(store, '/a'),
};

test.each(Object.entries(AGAIN))('a store is not mounted at / and %s at /secrets', (_, again) => {
  const store = new MapFilesystem(EVERYTHING);
  for (const mounts of [
    [
      { at: '/', filesystem: store },
      { at: '/secrets', filesystem: again(store) },
    ],
    [
      { at: '/secrets', filesystem: again(store) },
      { at: '/', filesystem: store },
    ],
  ]) {
    const { code, message } = typedThrow(() => mountTable(mounts));
    expect([code, message]).toEqual(['INVALID_ARGUMENT', expect.stringContaining('mounts at / and /secrets')]);
  }
});

test.each<[string, (store: RootFilesystem) => Mount[]]>([
  [
    'the directory around it elsewhere',
    (store) => [
      { at: '/one', filesystem: withPrefix(store, '/a') },
      { at: '/other', filesystem: withPrefix(withPrefix(store, '/a'), '/b') },
    ],
  ],
  [
    'another directory of it, beside one that is where it was',
    (store) => [
      { at: '/', filesystem: store },
      { at: '/a', filesystem: withPrefix(store, '/a') },
      { at: '/b', filesystem: withPrefix(store, '/a/b') },
    ],
  ],
  [
    'a directory that a table below lets through',
    (store) => [
      {
        at: '/',
        filesystem: mountTable([
          { at: '/', filesystem: store },
          { at: '/a/b', filesystem: new MapFilesystem() },
        ]),
      },
      { at: '/c', filesystem: withPrefix(store, '/a/c') },
    ],
  ],
  [
    'what a view shows beside a grant of nothing',
    (store) => [
      {
        at: '/v',
        filesystem: scopedView(store, [
          { at: '/', permissions: ALL },
          { at: '/a', permissions: [] },
        ]),
      },
      { at: '/c', filesystem: withPrefix(store, '/c') },
    ],
  ],
])('nor is a directory of it with %s', (_, mounts) => {
  expect(typedThrow(() => mountTable(mounts(new MapFilesystem()))).code).toBe('INVALID_ARGUMENT');
});

test('an encrypted directory of a store is mounted where it is, and what is put there is nowhere else', async () => {
  const store = new MapFilesystem(EVERYTHING);
  const table = mountTable([
    { at: '/', filesystem: store },
    { at: '/secrets', filesystem: withPrefix(encrypt(store), '/secrets') },
  ]);
  await table.put('/secrets/github', { body: bytes('token') }, 'absent');
  await table.put('/github', { body: bytes('clear') }, 'absent');
  expect([...store.stored.keys()]).toEqual(['/secrets/github', '/github']);
  const seen: string[] = [];
  for await (const { path } of table.entries('/')) seen.push(path);
  expect(seen).toEqual(['/github', '/secrets/github']);
});

test.each<[string, (store: RootFilesystem) => Mount[]]>([
  [
    'two directories of it',
    (store) => [
      { at: '/one', filesystem: withPrefix(store, '/a') },
      { at: '/other', filesystem: view(store, '/a!') },
    ],
  ],
  [
    'a directory that another mount takes the place of',
    (store) => [
      { at: '/', filesystem: store },
      { at: '/a', filesystem: new MapFilesystem() },
      { at: '/elsewhere', filesystem: withPrefix(store, '/a/b') },
    ],
  ],
  [
    'a directory that a grant of nothing takes away',
    (store) => [
      {
        at: '/v',
        filesystem: scopedView(store, [
          { at: '/', permissions: ALL },
          { at: '/a', permissions: [] },
        ]),
      },
      { at: '/c', filesystem: withPrefix(store, '/a') },
    ],
  ],
  [
    'the same twice in one view, whose grants say what they are',
    (store) => [
      {
        at: '/v',
        filesystem: scopedView(store, [
          { at: '/mine', to: '/a', permissions: ALL },
          { at: '/published', to: '/a', permissions: ['read'] },
        ]),
      },
    ],
  ],
  [
    'what a stranger makes of it, which only that knows',
    (store) => [
      { at: '/one', filesystem: store },
      { at: '/other', filesystem: stranger(store) },
    ],
  ],
])('a table is made of %s', (_, mounts) => {
  expect(() => mountTable(mounts(new MapFilesystem()))).not.toThrow();
});

/** An instance on a store that others are on too. */
class Instance extends MapFilesystem {
  readonly #place: StorePlace;

  constructor(store: string, directory: string) {
    super();
    this.#place = { store, directory: parseDirectory(directory) };
  }

  protected override _place(): StorePlace {
    return this.#place;
  }
}

test.each<[string, string, string, boolean]>([
  ['/data', '/data', 'the same store', true],
  ['/data', '/data/x', 'the same store', true],
  ['/data/x', '/data/y', 'the same store', false],
  ['/data', '/data', 'another store', false],
])('instances at %s and %s of %s: refused is %o', (one, other, store, isRefused) => {
  const mounts = [
    { at: '/one', filesystem: new Instance('the same store', one) },
    { at: '/other', filesystem: encrypt(new Instance(store, other)) },
  ];
  let refused = false;
  try {
    mountTable(mounts);
  } catch {
    refused = true;
  }
  expect(refused).toBe(isRefused);
});

test('a table is refused if and only if some entry of a store has two paths in it', async () => {
  const mount = fc.record({ at: place, to: place, kind: fc.constantFrom('prefix', 'view', 'table', 'other') });
  let [refused, made] = [0, 0];
  const compared = fc.assert(
    fc.asyncProperty(fc.uniqueArray(mount, { minLength: 1, maxLength: 4, selector: ({ at }) => at }), async (seeds) => {
      const store = new MapFilesystem(EVERYTHING);
      const mounts = seeds.map(({ at, to, kind }) => {
        if (kind === 'other') return { at, filesystem: new MapFilesystem() };
        if (kind === 'view') return { at, filesystem: view(store, to) };
        if (kind === 'prefix') return { at, filesystem: withTimeout(withPrefix(store, to), { timeoutMs: 10_000 }) };
        const filesystem = mountTable([
          { at: '/', filesystem: store },
          { at: '/a', filesystem: new MapFilesystem() },
        ]);
        return { at, filesystem: withPrefix(filesystem, to) };
      });
      let isRefused = false;
      try {
        mountTable(mounts);
      } catch {
        isRefused = true;
      }
      // By what each mount shows of one entry in every directory there could be.
      const directories = new Set(['/', ...seeds.flatMap(({ at, to }) => [at, to, join(to, '/a'), join(to, at)])]);
      for (const { at: one } of seeds) for (const { at, to } of seeds) directories.add(join(to, below(one, at)));
      const paths = [...directories].map((directory) => parsePath(join(directory, '/only')));
      let isAlias = false;
      for (const path of paths) {
        await store.put(path, { body: bytes('') }, 'any');
        let seen = 0;
        for (const [index, { at, filesystem }] of mounts.entries()) {
          if (seeds[index]?.kind === 'other') continue;
          for await (const entry of filesystem.entries('/')) {
            const shown = join(at, entry.path);
            const charge = seeds.filter((it) => isBelow(shown, it.at)).toSorted((a, b) => b.at.length - a.at.length)[0];
            if (charge?.at === at) seen += 1;
          }
        }
        isAlias ||= seen > 1;
        await store.delete(path, 'any');
      }
      expect(isRefused).toBe(isAlias);
      if (isRefused) refused += 1;
      else made += 1;
    }),
    { numRuns: 500 },
  );
  await expect(compared).resolves.toBeUndefined();
  expect(Math.min(refused, made)).toBeGreaterThan(50);
});

function join(directory: string, path: string): string {
  if (path === '/') return directory;
  return directory === '/' ? path : directory + path;
}

function isBelow(path: string, directory: string): boolean {
  return directory === '/' || path.startsWith(`${directory}/`);
}

/** What of a directory is below another, or the root. */
function below(directory: string, other: string): string {
  if (directory === other || !isBelow(directory, other)) return '/';
  return other === '/' ? directory : directory.slice(other.length);
}
