import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import type { Permission } from '../src/routing/route.ts';
import { scopedView } from '../src/views/scoped-view.ts';
import { textOf } from './support/bytes.ts';
import { compareStep, everythingIn } from './support/compare-with-model.ts';
import type { MapFilesystem } from './support/map-filesystem.ts';
import {
  permissions,
  place,
  placeOf,
  spot,
  step,
  stepAt,
  storing,
  suffix,
  type Spot,
} from './support/wrapper-arbitraries.ts';
import type { Model, ModelRoute, Store } from './support/wrapper-model.ts';

const minutes = 60_000;
const long = process.env['HOLDFAST_LONG'] === '1';

/** In every path of the backend, and in none of a view. */
const SECRET = 'secret';
/** Directories of the backend; two of which begin alike. */
const SECRETS = [`/${SECRET}`, `/${SECRET}!`, `/${SECRET}/a`, `/x/${SECRET}`];

interface GrantSeed {
  readonly at: string;
  /** The directory of the filesystem below, or `undefined` for the same. */
  readonly to: Spot | undefined;
  readonly permissions: readonly Permission[];
}

const grants = fc.uniqueArray(fc.record({ at: place, to: fc.option(spot, { nil: undefined, freq: 5 }), permissions }), {
  minLength: 1,
  maxLength: 4,
  selector: ({ at }) => at,
});

const configuration = fc.record({
  stored: fc.uniqueArray(fc.record({ pick: fc.nat(), suffix, text: fc.constantFrom('one', 'two') }), {
    maxLength: 8,
    selector: (it) => `${it.pick % SECRETS.length}${it.suffix}`,
  }),
  levels: fc.array(grants, { minLength: 1, maxLength: 3 }),
  steps: fc.array(step, { minLength: 2, maxLength: 4 }),
  fails: fc.constantFrom(
    ...Array.from({ length: 10 }, () => undefined),
    'UNAVAILABLE' as const,
    'STORAGE_FULL' as const,
  ),
});

/** One view: what the grants come to, the innermost always to somewhere secret. */
function view(
  inner: RootFilesystem,
  model: Model,
  seeds: readonly GrantSeed[],
  places: readonly string[],
): { readonly filesystem: RootFilesystem; readonly model: Model; readonly places: readonly string[] } {
  const isInnermost = 'texts' in model;
  const wanted = seeds.map(({ at, to, permissions: granted }) => {
    if (to !== undefined) return { at, to: placeOf(to, places), permissions: granted };
    return isInnermost ? { at, to: places[0] as string, permissions: granted } : { at, permissions: granted };
  });
  const routes = wanted.map(({ at, to = at, permissions: granted }): ModelRoute => {
    return { at, to, permissions: granted, inner: model };
  });
  return { filesystem: scopedView(inner, wanted), model: { routes }, places: wanted.map(({ at }) => at) };
}

/** Makes the backend fail as one that talks too much. */
function breakWith(backend: MapFilesystem, code: 'UNAVAILABLE' | 'STORAGE_FULL'): void {
  for (const call of ['_get', '_put', '_delete', '_scan'] as const) {
    backend.before(call, () => {
      const cause = new HoldfastError('CORRUPT', 'inner', { path: SECRETS[0], cause: new Error(SECRETS[0]) });
      throw new HoldfastError(code, `cannot open '${SECRETS[0]}/a'`, {
        path: SECRETS[0],
        outcome: 'not-applied',
        cause,
      });
    });
  }
}

test(
  'views of views do exactly what a plain model does, and show no path of what is below them',
  async () => {
    let refused = 0;
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(configuration, async ({ stored, levels, steps, fails }) => {
        const texts = new Map(stored.map((it) => [placeOf({ ...it, suffix: it.suffix || '/a' }, SECRETS), it.text]));
        const backend = storing(texts);
        const store: Store = { texts, fails };
        if (fails !== undefined) breakWith(backend, fails);
        let top: ReturnType<typeof view> = { filesystem: backend, model: store, places: SECRETS };
        for (const seeds of levels) top = view(top.filesystem, top.model, seeds, top.places);
        for (const it of steps) {
          const before = backend.calls.length;
          const seen = await compareStep(top.filesystem, top.model, stepAt(it, top.places));
          for (const value of seen) expect(everythingIn(value)).not.toContain(SECRET);
          const [first] = seen;
          if (first instanceof HoldfastError) refused += 1;
          else answered += 1;
          const isDenied = first instanceof HoldfastError && ['ACCESS_DENIED', 'NOT_MOUNTED'].includes(first.code);
          const calls = backend.calls.slice(before);
          // An update may read before it learns that it may not write.
          if (isDenied && it.operation === 'update') expect(calls.filter((call) => call !== '_get')).toEqual([]);
          else if (isDenied && it.operation !== 'entries') expect(calls).toEqual([]);
        }
        const left = [...backend.stored].map(([path, snapshot]) => [path, textOf(snapshot)]);
        expect(new Map(left as [string, string][])).toEqual(texts);
      }),
      { numRuns: long ? 200_000 : 3000 },
    );
    // A test that only ever sees refusals, or none, would prove little.
    expect(Math.min(refused, answered) / (refused + answered)).toBeGreaterThan(0.2);
  },
  10 * minutes,
);
