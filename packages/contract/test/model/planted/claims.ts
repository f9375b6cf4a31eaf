import { HoldfastError, isHoldfastError, type RootFilesystem } from '@holdfast/core';
import { MemoryFilesystem, type MemoryCapabilities } from '@holdfast/memory';
import { BYTE_ONLY, openByteOnly } from './byte-only.ts';
import { claiming, claimsOf, kept, plant, plantDurable } from './plant.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Removes whatever stands above or below a path. */
async function clear(good: RootFilesystem, path: string): Promise<void> {
  for await (const { path: other } of good.entries('/')) {
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) await good.delete(other, 'any');
  }
}

/** Bugs of backends that do other things than they claim. */
export const CLAIM_BUGS: readonly PlantedBug[] = [
  {
    mistake: 'takes records although it claims not to',
    shownBy: /put\(.*kind/,
    backend: plant('planted', (good) => claiming(good, { records: false })),
  },
  {
    mistake: 'deletes by version although it claims not to',
    shownBy: /delete\(.*version|casUpdate\(.*, delete/,
    backend: plant('planted', (good) => claiming(good, { conditionalDelete: false })),
  },
  {
    mistake: 'takes bodies longer than it claims',
    shownBy: /put\(|casUpdate/,
    backend: plant('planted', (good) => claiming(good, { maxBodyBytes: 200 })),
  },
  {
    mistake: 'lets entries stand below an entry although it claims to be a tree',
    shownBy: /put\(|casUpdate/,
    backend: plant('planted', (good) => claiming(good, { paths: 'tree' })),
  },
  {
    mistake: 'refuses what is in the way of an entry in a tree and removes it all the same',
    shownBy: /get(?:Many)?[ (]|entries\(|list\(|casUpdate|put\(|delete\(/,
    backend: plant('planted', (good) => ({
      ...claiming(good, { paths: 'tree' }),
      async put(path, entry, expectation, options) {
        const own = kept(entry);
        const inTheWay = await isInTheWay(good, path);
        if (!inTheWay || expectation !== 'any' || options !== undefined)
          return good.put(path, own, expectation, options);
        await clear(good, path);
        throw new HoldfastError('PATH_CONFLICT', 'in the way', { operation: 'put', path });
      },
    })),
  },
  {
    mistake: 'refuses a record and writes its body all the same',
    shownBy: /get(?:Many)?[ (]|entries\(|list\(|put\(|delete\(/,
    backend: plant(
      'planted',
      (good) => ({
        async put(path, entry, expectation, options) {
          const own = kept(entry);
          try {
            return await good.put(path, entry, expectation, options);
          } catch (error) {
            if (isHoldfastError(error, 'UNSUPPORTED')) await good.put(path, { body: own.body }, 'any');
            throw error;
          }
        },
      }),
      openByteOnly,
    ),
  },
  {
    mistake: 'gives versions although it has none',
    shownBy: /get(?:Many)?[ (]|entries\(/,
    backend: plant(
      'planted',
      () => ({}),
      () => new MemoryFilesystem(BYTE_ONLY as MemoryCapabilities),
    ),
  },
  {
    mistake: 'claims something else at one path',
    shownBy: /capabilitiesAt/,
    backend: plant('planted', (good) => ({
      capabilitiesAt: (path) => ({ ...claimsOf(good, path), sharing: path === '/a' ? 'host' : 'instance' }),
    })),
  },
];

async function isInTheWay(good: RootFilesystem, path: string): Promise<boolean> {
  try {
    for await (const { path: other } of good.entries('/')) {
      if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) return true;
    }
  } catch {
    // Closed. The put itself says so.
  }
  return false;
}

/** Bugs that show when a filesystem is closed. */
export const CLOSE_BUGS: readonly PlantedBug[] = [
  {
    mistake: 'reads after it was closed',
    shownBy: /get(?:Many)?[ (]|casUpdate/,
    backend: plant('planted', (good) => ({
      async get(path, options) {
        try {
          return await good.get(path, options);
        } catch (error) {
          if (isHoldfastError(error, 'CLOSED')) return undefined;
          throw error;
        }
      },
    })),
  },
  {
    mistake: 'forgets an entry when it is opened again',
    shownBy: /get(?:Many)?[ (]|entries\(|list\(|casUpdate|put\(|delete\(/,
    backend: plantDurable('planted', async (store) => {
      for await (const { path } of store.entries('/')) {
        await store.delete(path, 'any');
        return;
      }
    }),
  },
  {
    mistake: 'gives entries new versions when it is opened again',
    shownBy: /get(?:Many)?[ (]|entries\(|casUpdate|put\(|delete\(/,
    backend: plantDurable('planted', async (store) => {
      for await (const { path, version: _version, ...entry } of store.entries('/')) await store.put(path, entry, 'any');
    }),
  },
];
