import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { mountTable } from '../src/mounts/mount-table.ts';
import type { Permission } from '../src/routing/route.ts';
import { scopedView } from '../src/views/scoped-view.ts';
import { compareStep } from './support/compare-with-model.ts';
import { permissions, place, placeOf, spot, step, stepAt, storing, type Spot } from './support/wrapper-arbitraries.ts';
import type { Model } from './support/wrapper-model.ts';

const minutes = 60_000;
const long = process.env['HOLDFAST_LONG'] === '1';

const EVERYTHING: readonly Permission[] = ['read', 'write', 'delete', 'list'];

/** A filesystem to be made: of entries, of mounts, or of grants. */
type Seed =
  | { readonly entries: readonly { readonly path: string; readonly text: string }[] }
  | { readonly mounts: readonly { readonly at: string; readonly inner: Seed }[] }
  | {
      readonly grants: readonly { readonly at: string; readonly to: Spot; readonly permissions: Permission[] }[];
      readonly inner: Seed;
    };

const store: fc.Arbitrary<Seed> = fc.record({
  entries: fc.array(fc.record({ path: place.filter((it) => it !== '/'), text: fc.constantFrom('one', 'two') }), {
    maxLength: 6,
  }),
});

const byAt = { minLength: 1, maxLength: 4, selector: ({ at }: { readonly at: string }) => at };

function table(inner: fc.Arbitrary<Seed>): fc.Arbitrary<Seed> {
  return fc.record({ mounts: fc.uniqueArray(fc.record({ at: place, inner }), byAt) });
}

function view(inner: fc.Arbitrary<Seed>): fc.Arbitrary<Seed> {
  return fc.record({ grants: fc.uniqueArray(fc.record({ at: place, to: spot, permissions }), byAt), inner });
}

const shallow = fc.oneof(
  { weight: 3, arbitrary: store },
  { weight: 1, arbitrary: table(store) },
  { weight: 1, arbitrary: view(store) },
);
const seed = fc.oneof({ weight: 4, arbitrary: table(shallow) }, { weight: 1, arbitrary: view(table(shallow)) });

interface Made {
  readonly filesystem: RootFilesystem;
  readonly model: Model;
  readonly places: readonly string[];
}

function make(it: Seed): Made {
  if ('entries' in it) {
    const texts = new Map(it.entries.map(({ path, text }) => [path, text]));
    return { filesystem: storing(texts), model: { texts }, places: ['/', ...texts.keys()] };
  }
  if ('mounts' in it) {
    const made = it.mounts.map(({ at, inner }) => ({ at, ...make(inner) }));
    return {
      filesystem: mountTable(made.map(({ at, filesystem }) => ({ at, filesystem }))),
      model: { routes: made.map(({ at, model }) => ({ at, to: '/', permissions: EVERYTHING, inner: model })) },
      places: ['/', ...made.flatMap(({ at, places }) => places.map((suffix) => join(at, suffix)))],
    };
  }
  const { filesystem, model, places } = make(it.inner);
  const grants = it.grants.map(({ at, to, permissions: granted }) => {
    return { at, to: placeOf(to, places), permissions: granted };
  });
  return {
    filesystem: scopedView(filesystem, grants),
    model: { routes: grants.map((grant) => ({ ...grant, inner: model })) },
    places: ['/', ...grants.map(({ at }) => at)],
  };
}

function join(at: string, path: string): string {
  if (path === '/') return at;
  return at === '/' ? path : at + path;
}

test(
  'mount tables, nested and with views among them, do exactly what a plain model does',
  async () => {
    const compared = fc.assert(
      fc.asyncProperty(seed, fc.array(step, { minLength: 3, maxLength: 6 }), async (it, steps) => {
        const { filesystem, model, places } = make(it);
        for (const each of steps) await compareStep(filesystem, model, stepAt(each, places));
      }),
      { numRuns: long ? 100_000 : 2000 },
    );
    await expect(compared).resolves.toBeUndefined();
  },
  10 * minutes,
);

test('a page has the children it should, whatever the cursor and the limit', async () => {
  const compared = fc.assert(
    fc.asyncProperty(table(store), fc.option(spot, { nil: undefined }), async (it, after) => {
      const { filesystem, model, places } = make(it);
      for (const directory of new Set(places)) {
        for (const limit of [1, 2, 3, 100]) {
          const at = { pick: places.indexOf(directory), suffix: '' };
          await compareStep(filesystem, model, stepAt({ operation: 'list', at, after, limit, text: '' }, places));
        }
      }
    }),
    { numRuns: long ? 20_000 : 300 },
  );
  await expect(compared).resolves.toBeUndefined();
});

test('the model can be told from what it is compared with', async () => {
  for (const operation of ['get', 'create', 'delete', 'list', 'entries'] as const) {
    const { filesystem } = make({ mounts: [{ at: '/a', inner: { entries: [{ path: '/b', text: 'one' }] } }] });
    const empty: Model = { routes: [{ at: '/a', to: '/', permissions: EVERYTHING, inner: { texts: new Map() } }] };
    const path = operation === 'list' || operation === 'entries' ? '/a' : '/a/b';
    const compared = compareStep(filesystem, empty, { operation, path, after: undefined, limit: 2, text: 'x' });
    await expect(compared).rejects.toThrow('expected');
  }
});
