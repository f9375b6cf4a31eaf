import { HoldfastError, isHoldfastError, type HoldfastErrorDetails, type RootFilesystem } from '@holdfast/core';
import { kept, plant, type Bug } from './plant.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Changes the errors of `put`. */
function failing(change: (error: HoldfastError) => HoldfastErrorDetails): Bug {
  return (good) => ({
    async put(path, entry, expectation, options) {
      try {
        return await good.put(path, entry, expectation, options);
      } catch (error) {
        if (!isHoldfastError(error, 'VERSION_MISMATCH')) throw error;
        const { operation, path: at, outcome } = error;
        throw new HoldfastError(error.code, error.message, { operation, path: at, outcome, ...change(error) });
      }
    },
  });
}

/** Puts; and after a mismatch that `forgives` puts again, whatever is there. */
function forgiving(forgives: (good: RootFilesystem, path: string, expectation: unknown) => Promise<boolean>): Bug {
  return (good) => ({
    async put(path, entry, expectation, options) {
      const own = kept(entry);
      try {
        return await good.put(path, entry, expectation, options);
      } catch (error) {
        if (!isHoldfastError(error, 'VERSION_MISMATCH') || !(await forgives(good, path, expectation))) throw error;
        return await good.put(path, own, 'any', options);
      }
    },
  });
}

/** Bugs of `put`. */
export const PUT_BUGS: readonly PlantedBug[] = [
  {
    mistake: 'accepts a stale version',
    shownBy: /put\(.*version|casUpdate/,
    backend: plant(
      'planted',
      forgiving(async (good, path, expectation) => typeof expectation === 'object' && !!(await good.get(path))),
    ),
  },
  {
    mistake: 'accepts any version where nothing is',
    shownBy: /put\(.*version/,
    backend: plant(
      'planted',
      forgiving(async (good, path, expectation) => typeof expectation === 'object' && !(await good.get(path))),
    ),
  },
  {
    mistake: 'overwrites an entry that should be absent',
    shownBy: /put\(.*'absent'/,
    backend: plant(
      'planted',
      forgiving(async (_good, _path, expectation) => expectation === 'absent'),
    ),
  },
  {
    mistake: 'compares versions without regard to case',
    shownBy: /put\(.*upper-case/,
    backend: plant('planted', (good) => ({
      put: (path, entry, expectation, options) => {
        if (typeof expectation !== 'object' || typeof expectation?.version !== 'string') {
          return good.put(path, entry, expectation, options);
        }
        const { version, ...rest } = expectation;
        return good.put(path, entry, { ...rest, version: version.toLowerCase() }, options);
      },
    })),
  },
  {
    mistake: 'takes a malformed expectation for "any"',
    shownBy: /put with/,
    backend: plant('planted', (good) => ({
      put: (path, entry, expectation, options) => good.put(path, entry, expectation ?? 'any', options),
    })),
  },
  {
    mistake: 'says of a mismatch that it may have been written',
    shownBy: /put\(/,
    backend: plant(
      'planted',
      failing(() => ({ outcome: 'unknown' })),
    ),
  },
  {
    mistake: 'names another path in an error',
    shownBy: /put\(/,
    backend: plant(
      'planted',
      failing(({ path }) => ({ path: `/srv${path}` })),
    ),
  },
  {
    mistake: 'names another operation in an error',
    shownBy: /put\(/,
    backend: plant(
      'planted',
      failing(() => ({ operation: 'get' })),
    ),
  },
  {
    mistake: 'copies a body late',
    shownBy: /get|entries|casUpdate/,
    backend: plant('planted', (good) => ({
      async put(path, entry, expectation, options) {
        await Promise.resolve();
        return await good.put(path, entry, expectation, options);
      },
    })),
  },
  {
    mistake: 'writes after the caller has aborted',
    shownBy: /aborted patience/,
    backend: plant('planted', (good) => ({
      put: (path, entry, expectation, options) =>
        options?.signal?.aborted === true
          ? good.put(path, entry, expectation)
          : good.put(path, entry, expectation, options),
    })),
  },
  {
    mistake: 'cuts bodies at 65,535 bytes',
    shownBy: /get|entries|casUpdate/,
    backend: plant('planted', (good) => ({
      put: (path, entry, expectation, options) =>
        entry?.body instanceof Uint8Array && entry.body.length > 65_535
          ? good.put(path, { ...entry, body: entry.body.subarray(0, 65_535) }, expectation, options)
          : good.put(path, entry, expectation, options),
    })),
  },
];

/** Bugs of `delete`. */
export const DELETE_BUGS: readonly PlantedBug[] = [
  {
    mistake: 'says that it has deleted what was not there',
    shownBy: /delete\(/,
    backend: plant('planted', (good) => ({
      delete: async (path, expectation, options) => ({
        ...(await good.delete(path, expectation, options)),
        deleted: true,
      }),
    })),
  },
  {
    mistake: 'deletes whatever the version',
    shownBy: /delete\(.*version/,
    backend: plant('planted', (good) => ({
      async delete(path, expectation, options) {
        try {
          return await good.delete(path, expectation, options);
        } catch (error) {
          if (!isHoldfastError(error, 'VERSION_MISMATCH')) throw error;
          return await good.delete(path, 'any', options);
        }
      },
    })),
  },
  {
    mistake: 'deletes what is below too',
    shownBy: /get(?:Many)?[ (]|entries\(|list\(|casUpdate|put\(|delete\(/,
    backend: plant('planted', (good) => ({
      async delete(path, expectation, options) {
        const result = await good.delete(path, expectation, options);
        if (result.deleted) for await (const below of good.entries(path)) await good.delete(below.path, 'any');
        return result;
      },
    })),
  },
  {
    mistake: 'refuses a mismatch and deletes all the same',
    shownBy: /get(?:Many)?[ (]|entries\(|list\(|casUpdate|put\(|delete\(/,
    backend: plant('planted', (good) => ({
      async delete(path, expectation, options) {
        try {
          return await good.delete(path, expectation, options);
        } catch (error) {
          if (isHoldfastError(error, 'VERSION_MISMATCH')) await good.delete(path, 'any');
          throw error;
        }
      },
    })),
  },
];
