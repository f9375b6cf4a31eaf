import type { EntriesOptions, RootFilesystem } from '@holdfast/core';
import { compareCodePoints } from '@holdfast/core/adapter';
import { always, type Scenario } from '../scenario.ts';
import { nextTurn } from '../support/barrier.ts';
import { inBatches, numbered } from '../support/batches.ts';
import { file, textOf } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';

// No entry of these has another below it, so that every backend takes them all.
const PATHS = ['/e/a', '/e/b/x', '/e/b/y/z', '/e/c', '/e/d/x', '/e/e'];

// Paths whose order differs between code points, UTF-16 units, locales and names.
const TRICKY_PATHS = [
  '/e/a!', '/e/a!b/x', '/e/a-b', '/e/a.b', '/e/a/x', '/e/a/y/z', '/e/a0', '/e/aa', '/e/b', '/e/Z', '/e/é/x', '/e/中', '/e/\uff5e', '/e/😀', '/e/😀!/x',
]; // prettier-ignore

/** How many bytes of bodies are asked for at a time: far less than there are. */
const PAGE_BYTES = 2500;

/** How many iterations are left early. */
const LEFT_EARLY = 40;

async function pathsBelow(filesystem: RootFilesystem, prefix: string, options?: EntriesOptions): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of filesystem.entries(prefix, options)) {
    check(found.push(path) <= 20_000, 'an iteration that ends');
  }
  return found;
}

async function putPaths(filesystem: RootFilesystem, paths: readonly string[] = PATHS): Promise<void> {
  for (const path of paths.toReversed()) await filesystem.put(path, file(path), 'any');
}

/** Everything below a directory, in order, as it is iterated. */
export const entriesScenarios: readonly Scenario[] = [
  always(
    'entries.order',
    'entries come in code point order of their whole paths, whatever the page size',
    async (context) => {
      const sorted = TRICKY_PATHS.toSorted(compareCodePoints);
      await putPaths(context.filesystem, TRICKY_PATHS);
      for (const pageSize of [1, 2, 7, sorted.length, 1000]) {
        checkEqual(
          await pathsBelow(context.filesystem, '/e', { pageSize }),
          sorted,
          `the paths with pages of ${pageSize}`,
        );
      }
      checkEqual(await pathsBelow(context.filesystem, '/'), sorted, 'the paths below the root');
      checkEqual(await pathsBelow(context.filesystem, '/e/a'), ['/e/a/x', '/e/a/y/z'], 'the paths below /e/a');
      checkEqual(await pathsBelow(context.filesystem, '/nothing'), [], 'the paths below a missing directory');
    },
  ),
  always('entries.whole', 'each entry comes with its own path, body and version', async (context) => {
    await putPaths(context.filesystem);
    for await (const found of context.filesystem.entries('/e')) {
      checkEqual(textOf(found), found.path, 'the body');
      checkEqual(found.version, (await context.filesystem.get(found.path))?.version, 'the version');
    }
  }),
  always('entries.after', 'the cursor is exclusive and need not name an entry', async (context) => {
    await putPaths(context.filesystem);
    for (const [index, after] of PATHS.entries()) {
      checkEqual(
        await pathsBelow(context.filesystem, '/e', { after }),
        PATHS.slice(index + 1),
        `the paths after ${after}`,
      );
    }
    checkEqual(
      await pathsBelow(context.filesystem, '/e', { after: '/e/b' }),
      PATHS.slice(1),
      'the paths after a directory',
    );
    checkEqual(
      await pathsBelow(context.filesystem, '/e', { after: '/a' }),
      PATHS,
      'the paths after one before the directory',
    );
    checkEqual(
      await pathsBelow(context.filesystem, '/e', { after: '/f' }),
      [],
      'the paths after one behind the directory',
    );
  }),
  always('entries.early-end', 'an iteration can be left early and started again', async (context) => {
    await putPaths(context.filesystem);
    // More often than there are cursors, snapshots or connections that one could leave open.
    for (let left = 0; left < LEFT_EARLY; left += 1) {
      for await (const { path } of context.filesystem.entries('/e', { pageSize: 2 })) {
        checkEqual(path, PATHS[0], 'the first path');
        break;
      }
    }
    const path = PATHS[0] as string;
    await context.filesystem.delete(path, 'any');
    checkEqual(await pathsBelow(context.filesystem, '/e'), PATHS.slice(1), 'the paths after one was deleted');
    await context.filesystem.put(path, file('x'), 'any');
    checkEqual(await pathsBelow(context.filesystem, '/e'), PATHS, 'the paths');
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
      const going = staying.map((path) => `${path}-going`);
      const seen: string[] = [];
      for await (const { path } of filesystem.entries('/m', { pageSize: 4 })) {
        check(seen.push(path) < 1000, 'an iteration that ends');
        if (seen.length % 3 === 0) {
          const gone = going.pop();
          if (gone !== undefined) await filesystem.delete(gone, 'any');
          await filesystem.put(`/m/00-new-${seen.length}`, file('x'), 'any');
          checkEqual(
            textOf(await filesystem.get(`/m/00-new-${seen.length}`)),
            'x',
            'the body of one that came meanwhile',
          );
          await filesystem.put(`/m/15-new-${seen.length}/x`, file('x'), 'any');
          if (seen.length === 3) await filesystem.delete(going.shift() as string, 'any');
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
  always('entries.pages-as-of-now', 'a page shows entries as they are when it is asked for', async (context) => {
    const [writer, reader] = (await context.instances(2)) as [RootFilesystem, RootFilesystem];
    const paths = Array.from({ length: 9 }, (_, index) => `/now/${index}`);
    for (const path of paths) await writer.put(path, file('before'), 'any');
    const seen: string[] = [];
    for await (const { path, body } of reader.entries('/now', { pageSize: 3 })) {
      seen.push(`${path} ${textOf({ body })}`);
      check(seen.length < 100, 'an iteration that ends');
      // The last of a page: the next one has not been asked for.
      if (path === '/now/2') {
        await nextTurn();
        await writer.put('/now/3', file('after'), 'any');
        await writer.delete('/now/4', 'any');
      }
    }
    const behind = ['3 after', '5 before', '6 before', '7 before', '8 before'];
    checkEqual(
      seen.slice(3),
      behind.map((it) => `/now/${it}`),
      'what comes behind the first page',
    );
  }),
  always(
    'entries.large-bodies',
    'a page that is full of bytes does not end the iteration, whatever comes before and behind it',
    async ({ filesystem }) => {
      const lengths = [1, 100, 1, 1, 400, 300, 1, 99, 101, 1];
      const paths = lengths.map((_, index) => `/large/${index}`);
      for (const [index, path] of paths.entries())
        await filesystem.put(path, file('x'.repeat(lengths[index] ?? 0)), 'any');
      for (const pageBytes of [1, 100, 200, 500, undefined]) {
        checkEqual(
          await pathsBelow(filesystem, '/', { pageBytes }),
          paths,
          `the paths with pages of ${pageBytes} bytes`,
        );
      }
    },
  ),
  always(
    'entries.page-bytes',
    'what is scanned for a page ends with the entry that makes it as many bytes as were asked for',
    async (context) => {
      const { filesystem } = context;
      const lengths = [...Array<number>(8).fill(1), ...Array<number>(12).fill(1000)];
      const paths = lengths.map((_, index) => `/page/${String(index).padStart(2, '0')}`);
      await inBatches([...paths.entries()], ([index, path]) =>
        filesystem.put(path, file('x'.repeat(lengths[index] ?? 0)), 'any'),
      );
      const pages: number[][] = [];
      const note = (_call: unknown, answer: unknown): void => {
        pages.push((answer as readonly { readonly body: Uint8Array }[]).map(({ body }) => body.byteLength));
      };
      context.faults().add({ on: 'scan', when: 'after', effect: note });
      checkEqual(
        (await pathsBelow(filesystem, '/page', { pageBytes: PAGE_BYTES })).length,
        paths.length,
        'the number of paths',
      );
      check(pages.length > 0, 'a scan, since its pages are counted');
      for (const page of pages) {
        const before = page.slice(0, -1).reduce((sum, length) => sum + length, 0);
        check(before < PAGE_BYTES, `a page that ends as it has ${PAGE_BYTES} bytes; it has ${before} and goes on`);
      }
    },
  ),
  always('entries.many', 'more than 1,000 entries are iterated completely', async ({ filesystem, effort }) => {
    const paths = numbered('/many/child-', effort.children);
    await inBatches(paths, (path) => filesystem.put(path, file('x'), 'any'));
    checkEqual((await pathsBelow(filesystem, '/many')).length, paths.length, 'the number of paths');
    checkEqual(await pathsBelow(filesystem, '/', { pageSize: 1000 }), paths, 'the paths');
  }),
  always(
    'entries.across-instances',
    'entries written through one instance are seen through another',
    async (context) => {
      const other = await context.another();
      checkEqual(await pathsBelow(other, '/e'), [], 'the paths before');
      await putPaths(context.filesystem);
      checkEqual(await pathsBelow(other, '/e'), PATHS, 'the paths');
      await context.filesystem.delete(PATHS[0] as string, 'any');
      checkEqual(await pathsBelow(other, '/e'), PATHS.slice(1), 'the paths after one was deleted');
    },
  ),
];
