import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../../test/support/follow-globals.ts';
import { directory, path } from '../../../test/support/arbitraries.ts';
import { bytes } from '../../../test/support/bytes.ts';
import { never } from '../../../test/support/deferred.ts';
import { MapFilesystem } from '../../../test/support/map-filesystem.ts';
import { typedRejection } from '../../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../../test/support/unhandled.ts';
import type { Snapshot } from '../../entries/entry.ts';
import { compareCodePoints } from '../../paths/code-points.ts';
import type { PathRange } from '../../paths/path-range.ts';
import type { EntriesOptions } from '../../filesystem/root-filesystem.ts';
import type { ScanContext } from '../../filesystem/scan-context.ts';

beforeEach(followGlobals);

failOnUnhandledRejections();
afterEach(() => void vi.useRealTimers());

async function filled(paths: Iterable<string>): Promise<MapFilesystem> {
  const filesystem = new MapFilesystem();
  for (const it of paths) await filesystem.put(it, { body: bytes(it) }, 'any');
  filesystem.calls.length = 0;
  return filesystem;
}

async function pathsOf(filesystem: MapFilesystem, prefix: string, options?: EntriesOptions): Promise<string[]> {
  const seen: string[] = [];
  for await (const entry of filesystem.entries(prefix, options)) seen.push(entry.path);
  return seen;
}

test('it gives everything below the prefix behind the cursor, in order, whatever the size of the pages', async () => {
  const paths = fc.uniqueArray(path, { maxLength: 20 });
  const cursor = fc.option(path, { nil: undefined });
  await fc.assert(
    fc.asyncProperty(paths, directory, cursor, fc.integer({ min: 1, max: 7 }), async (all, prefix, after, pageSize) => {
      await using filesystem = await filled(all);
      const start = prefix === '/' ? '/' : `${prefix}/`;
      const expected = all
        .filter((it) => it.startsWith(start) && (after === undefined || compareCodePoints(it, after) > 0))
        .toSorted(compareCodePoints);
      expect(await pathsOf(filesystem, prefix, { after, pageSize })).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('a cursor outside of the prefix shows nothing from outside', async () => {
  await using filesystem = await filled(['/a', '/a/x', '/ab', '/b', '/b/x', '/b/y', '/c']);
  expect(await pathsOf(filesystem, '/b', { after: '/a' })).toEqual(['/b/x', '/b/y']);
  expect(await pathsOf(filesystem, '/b', { after: '/b' })).toEqual(['/b/x', '/b/y']);
  expect(await pathsOf(filesystem, '/b', { after: '/b/x' })).toEqual(['/b/y']);
  expect(await pathsOf(filesystem, '/b', { after: '/c' })).toEqual([]);
});

test('pages are fetched while it is iterated, and a full last one costs one look more', async () => {
  await using filesystem = await filled(['/a', '/b', '/c', '/d']);
  const iterator = filesystem.entries('/', { pageSize: 2 });
  expect(filesystem.calls).toEqual([]);
  await iterator.next();
  await iterator.next();
  expect(filesystem.count('_scan')).toBe(1);
  await iterator.next();
  expect(filesystem.count('_scan')).toBe(2);
  expect((await iterator.next()).done).toBe(false);
  expect((await iterator.next()).done).toBe(true);
  expect(filesystem.count('_scan')).toBe(3);
});

test('an adapter that does not look at bytes is asked for no more entries than have room, whatever came before', async () => {
  await using filesystem = new Paged();
  await fill(filesystem, [...Array.from({ length: 20 }, () => 1), ...Array.from({ length: 20 }, () => 1000)]);
  expect(await pathsOf(filesystem, '/', { pageBytes: 4999 })).toHaveLength(40);
  expect(Math.max(...filesystem.pages.map((lengths) => lengths.length))).toBe(4);
});

test('one that ends its pages by their bytes is asked for whole ones, and goes on behind each that is full', async () => {
  await using filesystem = new Paged();
  filesystem.most = Infinity;
  await fill(filesystem, [1, 1, 1000, 999, 1, 1000, 1]);
  expect(await pathsOf(filesystem, '/', { pageBytes: 1000 })).toHaveLength(7);
  expect(filesystem.pages.splice(0)).toEqual([[1, 1, 1000], [999, 1], [1000], [1]]);
  filesystem.most = 500;
  expect(await pathsOf(filesystem, '/', { pageBytes: 1000 })).toHaveLength(7);
  expect(filesystem.pages).toEqual([[1, 1, 1000], [999], [1, 1000], [1]]);
});

async function fill(filesystem: MapFilesystem, lengths: readonly number[]): Promise<void> {
  for (const [index, length] of lengths.entries()) {
    await filesystem.put(`/${String(index).padStart(2, '0')}`, { body: new Uint8Array(length) }, 'any');
  }
}

test('a page that was given is not kept in memory beside the next', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  await using filesystem = new Paged();
  await fill(
    filesystem,
    Array.from({ length: 10 }, () => 1),
  );
  let given: WeakRef<Snapshot>[] = [];
  let kept = 0;
  filesystem.before('_scan', async () => {
    // What was looked at in a turn stays until it is over.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    kept = Math.max(kept, given.filter((entry) => entry.deref() !== undefined).length);
    given = [];
  });
  for await (const entry of filesystem.entries('/', { pageSize: 5 })) given.push(new WeakRef(entry));
  expect(filesystem.pages).toHaveLength(3);
  // The one that was given last.
  expect(kept).toBeLessThanOrEqual(1);
});

/** Ends its pages by their bytes if it has a `most`. */
class Paged extends MapFilesystem {
  most: number | undefined;
  readonly pages: number[][] = [];

  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const found = await super._scan(range, limit, context);
    let bytesBefore = 0;
    const page = found.filter(({ body }) => {
      const fits = this.most === undefined || bytesBefore < context.maxBytes;
      bytesBefore += body.byteLength;
      return fits;
    });
    this.pages.push(page.map(({ body }) => body.byteLength));
    return page;
  }

  protected override _mostPageBytes(): number | undefined {
    return this.most;
  }
}

test('an iteration that is left early fetches nothing more and can be closed behind', async () => {
  const filesystem = await filled(['/a', '/b', '/c', '/d']);
  for await (const entry of filesystem.entries('/', { pageSize: 2 })) {
    if (entry.path === '/b') break;
  }
  expect(filesystem.count('_scan')).toBe(1);
  const iterator = filesystem.entries('/');
  await iterator.next();
  expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
  expect((await iterator.next()).done).toBe(true);
  await filesystem.close();
  expect(filesystem.count('_close')).toBe(1);
});

test('an iteration that nobody begins does nothing', async () => {
  await using filesystem = await filled([]);
  const iterator = filesystem.entries('not a path');
  await iterator.return?.();
  expect(filesystem.calls).toEqual([]);
});

test('entries that come and go meanwhile are seen at most once, the others exactly once', async () => {
  await using filesystem = await filled(['/b', '/d', '/f', '/h']);
  const seen: string[] = [];
  for await (const { path: it } of filesystem.entries('/', { pageSize: 2 })) {
    seen.push(it);
    if (it === '/d') {
      await filesystem.put('/a', { body: bytes('') }, 'any');
      await filesystem.put('/e', { body: bytes('') }, 'any');
      await filesystem.delete('/d', 'any');
      await filesystem.delete('/h', 'any');
    }
  }
  expect(seen).toEqual(['/b', '/d', '/e', '/f']);
});

test('a page that hangs ends with its own deadline', async () => {
  vi.useFakeTimers();
  await using filesystem = await filled(['/a', '/b', '/c']);
  filesystem.before('_scan', (_, nth) => (nth === 2 ? never() : undefined));
  const iterator = filesystem.entries('/', { pageSize: 2, timeoutMs: 100 });
  await iterator.next();
  // The caller may take its time between the pages.
  await vi.advanceTimersByTimeAsync(10_000);
  await iterator.next();
  const third = typedRejection(iterator.next());
  await vi.advanceTimersByTimeAsync(100);
  expect(await third).toMatchObject({ code: 'TIMEOUT', operation: 'entries', path: '/', outcome: undefined });
  expect((await iterator.next()).done).toBe(true);
  const closing = filesystem.close();
  await vi.advanceTimersByTimeAsync(5000);
  await closing;
});

test('an abort ends it at the next page', async () => {
  await using filesystem = await filled(['/a', '/b', '/c']);
  const controller = new AbortController();
  const iterator = filesystem.entries('/', { pageSize: 2, signal: controller.signal });
  await iterator.next();
  controller.abort();
  expect((await iterator.next()).done).toBe(false);
  expect(await typedRejection(iterator.next())).toMatchObject({ code: 'ABORTED', operation: 'entries' });
  expect(filesystem.count('_scan')).toBe(1);
});
