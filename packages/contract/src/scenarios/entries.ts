import type { EntriesOptions, RootFilesystem } from '@holdfast/core';
import { compareCodePoints } from '@holdfast/core/adapter';
import { always, type Scenario } from '../scenario.ts';
import { file, textOf } from '../support/bodies.ts';
import { checkEqual } from '../support/check.ts';

// No entry of these has another below it, so that every backend takes them all.
const PATHS = [
  '/e/a!', '/e/a!b/x', '/e/a-b', '/e/a.b', '/e/a/x', '/e/a/y/z', '/e/a0', '/e/aa', '/e/b', '/e/Z', '/e/é/x', '/e/中', '/e/\uff5e', '/e/😀', '/e/😀!/x',
]; // prettier-ignore
const SORTED: readonly string[] = PATHS.toSorted(compareCodePoints);

async function pathsBelow(filesystem: RootFilesystem, prefix: string, options?: EntriesOptions): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of filesystem.entries(prefix, options)) found.push(path);
  return found;
}

async function putPaths({ filesystem }: { readonly filesystem: RootFilesystem }): Promise<void> {
  for (const path of PATHS.toReversed()) await filesystem.put(path, file(path), 'any');
}

/** Everything below a directory, in order, as it is iterated. */
export const entriesScenarios: readonly Scenario[] = [
  always(
    'entries.order',
    'entries come in code point order of their whole paths, whatever the page size',
    async (context) => {
      await putPaths(context);
      for (const pageSize of [1, 2, 7, PATHS.length, 1000]) {
        checkEqual(
          await pathsBelow(context.filesystem, '/e', { pageSize }),
          SORTED,
          `the paths with pages of ${pageSize}`,
        );
      }
      checkEqual(await pathsBelow(context.filesystem, '/'), SORTED, 'the paths below the root');
      checkEqual(await pathsBelow(context.filesystem, '/e/a'), ['/e/a/x', '/e/a/y/z'], 'the paths below /e/a');
      checkEqual(await pathsBelow(context.filesystem, '/nothing'), [], 'the paths below a missing directory');
    },
  ),
  always('entries.whole', 'each entry comes with its own path, body and version', async (context) => {
    await putPaths(context);
    for await (const found of context.filesystem.entries('/e')) {
      checkEqual(textOf(found), found.path, 'the body');
      checkEqual(found.version, (await context.filesystem.get(found.path))?.version, 'the version');
    }
  }),
  always('entries.after', 'the cursor is exclusive and need not name an entry', async (context) => {
    await putPaths(context);
    for (const [index, after] of SORTED.entries()) {
      checkEqual(
        await pathsBelow(context.filesystem, '/e', { after }),
        SORTED.slice(index + 1),
        `the paths after ${after}`,
      );
    }
    checkEqual(
      await pathsBelow(context.filesystem, '/e', { after: '/e/a' }),
      SORTED.filter((path) => compareCodePoints(path, '/e/a') > 0),
      'the paths after /e/a',
    );
    checkEqual(
      await pathsBelow(context.filesystem, '/e', { after: '/a' }),
      SORTED,
      'the paths after one before the directory',
    );
    checkEqual(
      await pathsBelow(context.filesystem, '/e', { after: '/f' }),
      [],
      'the paths after one behind the directory',
    );
  }),
  always('entries.early-end', 'an iteration can be left early and started again', async (context) => {
    await putPaths(context);
    for await (const { path } of context.filesystem.entries('/e', { pageSize: 2 })) {
      checkEqual(path, SORTED[0], 'the first path');
      break;
    }
    checkEqual(await pathsBelow(context.filesystem, '/e'), SORTED, 'the paths');
  }),
  always(
    'entries.changes-meanwhile',
    'entries that stay throughout are seen exactly once while others come and go',
    async ({ filesystem }) => {
      const staying = Array.from({ length: 30 }, (_, index) => `/m/${String(index).padStart(2, '0')}`);
      for (const path of staying) {
        await filesystem.put(path, file('x'), 'any');
        await filesystem.put(`${path}-going`, file('x'), 'any');
      }
      const seen: string[] = [];
      for await (const { path } of filesystem.entries('/m', { pageSize: 4 })) {
        seen.push(path);
        if (seen.length % 3 === 0) {
          await filesystem.delete(`/m/${String(30 - seen.length / 3).padStart(2, '0')}-going`, 'any');
          await filesystem.put(`/m/00-new-${seen.length}`, file('x'), 'any');
          await filesystem.put(`/m/15-new-${seen.length}/x`, file('x'), 'any');
          await filesystem.delete(`${staying[0]}-going`, 'any');
        }
      }
      checkEqual(
        seen.filter((path) => staying.includes(path)),
        staying,
        'the paths that stayed',
      );
      checkEqual(seen, [...new Set(seen)].toSorted(compareCodePoints), 'the order of all paths, without repetition');
    },
  ),
  always(
    'entries.across-instances',
    'entries written through one instance are seen through another',
    async (context) => {
      await putPaths(context);
      const other = await context.another();
      checkEqual(await pathsBelow(other, '/e'), SORTED, 'the paths');
    },
  ),
];
