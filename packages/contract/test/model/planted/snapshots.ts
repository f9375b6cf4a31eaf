import type { IndexedProjection, IndexedScalar, RootFilesystem, Snapshot } from '@holdfast/core';
import { plant, type Bug } from './plant.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Changes what is read, by `get` and by `entries`. */
function reading(change: (snapshot: Snapshot) => Partial<Snapshot>): Bug {
  return (good) => ({
    async get(path, options) {
      const found = await good.get(path, options);
      return found && { ...found, ...change(found) };
    },
    async *entries(prefix, options): AsyncGenerator<Snapshot, void, undefined> {
      for await (const found of good.entries(prefix, options)) yield { ...found, ...change(found) };
    },
  });
}

/** Changes the values of projections that are read. */
function projecting(change: (value: IndexedScalar) => IndexedScalar): Bug {
  return reading(({ indexed }) => {
    if (indexed === undefined) return {};
    const pairs = Object.entries(indexed).map(([key, value]) => [key, change(value)]);
    return { indexed: Object.fromEntries(pairs) as IndexedProjection };
  });
}

/** Counts the writes of a path from one, again after it was deleted. */
function counting(good: RootFilesystem): Partial<RootFilesystem> {
  const counts = new Map<string, { readonly real: string | undefined; readonly count: number }>();
  const shown = (found: Snapshot): Snapshot =>
    ({ ...found, version: `${found.path.length}-${counts.get(found.path)?.count}` }) as Snapshot;
  return {
    async get(path, options) {
      const found = await good.get(path, options);
      return found && shown(found);
    },
    async *entries(prefix, options): AsyncGenerator<Snapshot, void, undefined> {
      for await (const found of good.entries(prefix, options)) yield shown(found);
    },
    async put(path, entry, expectation, options) {
      const before = counts.get(path);
      const known = typeof expectation === 'object' && expectation?.version === `${path.length}-${before?.count}`;
      const real = known && before?.real !== undefined ? { version: before.real } : expectation;
      const { version } = await good.put(path, entry, real, options);
      const count = (before?.count ?? 0) + 1;
      counts.set(path, { real: version, count });
      return { version: `${path.length}-${count}` as Exclude<typeof version, undefined> };
    },
    async delete(path, expectation, options) {
      const before = counts.get(path);
      const known = typeof expectation === 'object' && expectation?.version === `${path.length}-${before?.count}`;
      const real = known && before?.real !== undefined ? { version: before.real } : expectation;
      const result = await good.delete(path, real, options);
      counts.delete(path);
      return result;
    },
  };
}

/** Bugs of what is read. */
export const READ_BUGS: readonly PlantedBug[] = [
  {
    mistake: 'loses the content type',
    shownBy: /get(?:Many)?[ (]|entries\(|casUpdate/,
    backend: plant(
      'planted',
      reading(() => ({ contentType: 'application/octet-stream' })),
    ),
  },
  {
    mistake: 'takes an empty body for an absence',
    shownBy: /get(?:Many)?[ (]|casUpdate/,
    backend: plant('planted', (good) => ({
      async get(path, options) {
        const found = await good.get(path, options);
        return found?.body.length === 0 ? undefined : found;
      },
    })),
  },
  {
    mistake: 'takes an empty projection for none',
    shownBy: /get(?:Many)?[ (]|entries\(|casUpdate/,
    backend: plant(
      'planted',
      reading(({ indexed }) => (indexed && Object.keys(indexed).length === 0 ? { indexed: undefined } : {})),
    ),
  },
  {
    mistake: 'rounds the smallest numbers of a projection to zero',
    shownBy: /get(?:Many)?[ (]|entries\(|casUpdate/,
    backend: plant(
      'planted',
      projecting((value) => (typeof value === 'number' && Math.abs(value) < 1e-307 ? 0 : value)),
    ),
  },
  {
    mistake: 'gives zero a sign',
    shownBy: /get(?:Many)?[ (]|entries\(|casUpdate/,
    backend: plant(
      'planted',
      projecting((value) => (value === 0 ? -0 : value)),
    ),
  },
  {
    mistake: 'rounds integers beyond 2^53',
    shownBy: /get(?:Many)?[ (]|entries\(|casUpdate/,
    backend: plant(
      'planted',
      projecting((value) =>
        Number.isInteger(value) && Math.abs(value as number) > 2 ** 53
          ? Number((value as number).toPrecision(15))
          : value,
      ),
    ),
  },
  {
    mistake: 'takes true for 1',
    shownBy: /get(?:Many)?[ (]|entries\(|casUpdate/,
    backend: plant(
      'planted',
      projecting((value) => (typeof value === 'boolean' ? Number(value) : value)),
    ),
  },
  {
    mistake: 'hands out the stored buffer',
    shownBy: /get(?:Many)?[ (]|entries\(|casUpdate/,
    backend: plant('planted', (good) => {
      const bodies = new Map<string | undefined, Uint8Array>();
      return {
        async get(path, options) {
          const found = await good.get(path, options);
          if (found === undefined) return undefined;
          const body = bodies.get(found.version) ?? found.body;
          bodies.set(found.version, body);
          return { ...found, body };
        },
      };
    }),
  },
  { mistake: 'gives a version twice', shownBy: /put\(|casUpdate/, backend: plant('planted', counting) },
  {
    mistake: 'finds an entry by its path in another case',
    shownBy: /get(?:Many)?[ (]|casUpdate/,
    backend: plant('planted', (good) => ({
      get: async (path, options) => (await good.get(path, options)) ?? (await good.get(path.toLowerCase(), options)),
    })),
  },
  {
    mistake: 'lets an error of its driver escape',
    shownBy: /get(?:Many)?[ (]|casUpdate/,
    backend: plant('planted', (good) => ({
      async get(path, options) {
        const found = await good.get(path, options);
        if (path.includes("'")) throw new SyntaxError('unterminated string literal');
        return found;
      },
    })),
  },
  {
    mistake: 'ignores an option that it does not know',
    shownBy: /get with/,
    backend: plant('planted', (good) => ({
      get: (path, options) => good.get(path, { signal: options?.signal, timeoutMs: options?.timeoutMs }),
    })),
  },
];
