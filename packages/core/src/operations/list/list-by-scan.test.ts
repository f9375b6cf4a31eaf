import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directory, path, segment } from '../../../test/support/arbitraries.ts';
import { EVERYTHING, MapFilesystem } from '../../../test/support/map-filesystem.ts';
import type { Snapshot } from '../../entries/entry.ts';
import { compareCodePoints } from '../../paths/code-points.ts';
import { childPrefix, type PathRange } from '../../paths/path-range.ts';
import type { Child } from '../../filesystem/root-filesystem.ts';
import type { ScanContext } from '../../filesystem/scan-context.ts';

const body = new Uint8Array();

/** The children of a directory by their definition. */
function childrenOf(paths: Iterable<string>, above: string): Child[] {
  const prefix = childPrefix(above as '/');
  const found = new Map<string, { name: string; isEntry: boolean; isPrefix: boolean }>();
  for (const it of paths) {
    if (!it.startsWith(prefix)) continue;
    const [name = '', ...below] = it.slice(prefix.length).split('/');
    const child = found.get(name) ?? { name, isEntry: false, isPrefix: false };
    found.set(name, child);
    if (below.length === 0) child.isEntry = true;
    else child.isPrefix = true;
  }
  return [...found.values()].toSorted((a, b) => compareCodePoints(a.name, b.name));
}

async function filled(paths: readonly string[]): Promise<MapFilesystem> {
  const filesystem = new MapFilesystem();
  for (const it of paths) await filesystem.put(it, { body }, 'any');
  return filesystem;
}

/** Paths that are often each other's beginnings, with characters below `/` in their names. */
const close = fc
  .array(fc.stringMatching(/^[ab][-.! ab]{0,2}$/), { minLength: 1, maxLength: 3 })
  .map((segments) => `/${segments.join('/')}`);
const tree = fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: close }, { weight: 1, arbitrary: path }), {
  maxLength: 25,
});
const above = fc.oneof(fc.constant('/'), fc.constantFrom('/a', '/b', '/a-', '/a/b'), directory);
const after = fc.option(fc.oneof(fc.stringMatching(/^[ab][-.! ab]{0,2}$/), segment), { nil: undefined });

test('a page has the children behind the cursor, in order, up to the limit', async () => {
  await fc.assert(
    fc.asyncProperty(tree, above, after, fc.integer({ min: 1, max: 5 }), async (paths, where, cursor, limit) => {
      await using filesystem = await filled(paths);
      const all = childrenOf(paths, where).filter(
        ({ name }) => cursor === undefined || compareCodePoints(name, cursor) > 0,
      );
      const page = await filesystem.list(where, { after: cursor, limit });
      expect(page.children).toEqual(all.slice(0, limit));
      expect(page.next).toBe(all.length > limit ? all[limit - 1]?.name : undefined);
    }),
    { numRuns: 1000 },
  );
});

test('page by page comes what comes at once', async () => {
  await fc.assert(
    fc.asyncProperty(tree, above, fc.integer({ min: 1, max: 4 }), async (paths, where, limit) => {
      await using filesystem = await filled(paths);
      const seen: Child[] = [];
      let next: string | undefined;
      do {
        const page = await filesystem.list(where, { after: next, limit });
        expect(page.children.length).toBeLessThanOrEqual(limit);
        seen.push(...page.children);
        next = page.next;
      } while (next !== undefined);
      expect(seen).toEqual(childrenOf(paths, where));
    }),
    { numRuns: 500 },
  );
});

test('the order is that of names, where that of paths is another', async () => {
  await using filesystem = await filled(['/d/a!b', '/d/a/x', '/d/a-', '/d/a.b/y', '/d/a0', '/d/a']);
  const { children } = await filesystem.list('/d');
  expect(children.map(({ name }) => name)).toEqual(['a', 'a!b', 'a-', 'a.b', 'a0']);
});

test('the cost follows the page and not what lies below the children', async () => {
  const many = Array.from({ length: 300 }, (_, at) => [`/d/a/${at}`, `/d/b/x/${at}`]).flat();
  await using filesystem = await counting([...many, '/d/c', '/e']);
  expect((await filesystem.list('/d')).children.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(filesystem.calls.length).toBeLessThanOrEqual(3);
  expect(filesystem.given).toBeLessThan(25);
});

test('children with little below them are read ahead: some scans for a page, and not some for each child', async () => {
  const names = Array.from({ length: 1000 }, (_, at) => String(at).padStart(4, '0'));
  for (const below of ['', '/x', '.txt', '/x/y', '-a/b']) {
    await using filesystem = await counting(names.map((name) => `/d/${name}${below}`));
    expect((await filesystem.list('/d', { limit: 1000 })).children).toHaveLength(1000);
    expect(filesystem.calls.length).toBeLessThan(24);
    filesystem.given = 0;
    expect((await filesystem.list('/d', { after: '0500', limit: 10 })).children).toHaveLength(10);
    expect(filesystem.given).toBeLessThan(30);
  }
});

test('nobody is asked for bodies, and what is claimed about their length does not slow down who leaves them out', async () => {
  await using filesystem = await counting(Array.from({ length: 100 }, (_, at) => `/d/${100 + at}`));
  filesystem.claims = { ...EVERYTHING, maxBodyBytes: 2 ** 31 };
  expect((await filesystem.list('/d')).children).toHaveLength(100);
  expect(filesystem.wanted).toEqual(new Set([false]));
  expect(filesystem.calls.length).toBeLessThan(9);
  for await (const _entry of filesystem.entries('/d'));
  expect(filesystem.wanted).toEqual(new Set([false, true]));
});

test('a listing that its caller has given up ends with the scan under way', async () => {
  const many = Array.from({ length: 40 }, (_, child) =>
    Array.from({ length: 40 }, (_entry, at) => `/d/${child}/${at}`),
  );
  await using filesystem = await counting(many.flat());
  const abort = new AbortController();
  filesystem.after('_scan', (_, nth) => {
    if (nth === 2) abort.abort();
    return new Promise((resolve) => setImmediate(resolve));
  });
  await expect(filesystem.list('/d', { signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED' });
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(filesystem.count('_scan')).toBe(2);
});

/** Counts what it gives, without bodies where nobody looks at them. */
class Counting extends MapFilesystem {
  given = 0;
  readonly wanted = new Set<boolean>();

  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const found = await super._scan(range, limit, context);
    this.given += found.length;
    this.wanted.add(context.bodies);
    return found;
  }

  protected override _mostPageBytes(): number {
    return Infinity;
  }
}

async function counting(paths: readonly string[]): Promise<Counting> {
  const filesystem = new Counting();
  for (const it of paths) await filesystem.put(it, { body }, 'any');
  filesystem.calls.length = 0;
  return filesystem;
}
