import type { Child } from '@holdfast/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MemoryFilesystem } from './memory-filesystem.ts';
import { openMemory } from './open-memory.ts';

// Bytes, so that the model does not share the order it is to check.
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Names that are often each other's beginnings, and go on with characters on both sides of `/`. */
const name = fc.stringMatching(/^[ab😀\uff5e][-.! 0a]{0,2}$/u);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
const tree = fc.uniqueArray(path, { maxLength: 30 });
const directory = fc.oneof(fc.constant('/'), path);
const after = fc.option(name, { nil: undefined });

async function filled(paths: readonly string[]): Promise<MemoryFilesystem> {
  const memory = openMemory();
  for (const it of paths) await memory.put(it, { body: new Uint8Array() }, 'absent');
  return memory;
}

/** The children of a directory by their definition. */
function childrenOf(paths: readonly string[], above: string): Child[] {
  const prefix = above === '/' ? '/' : `${above}/`;
  const below = paths.filter((it) => it.startsWith(prefix)).map((it) => it.slice(prefix.length));
  const names = [...new Set(below.map((it) => it.split('/')[0] as string))].toSorted(compare);
  return names.map((it) => ({
    name: it,
    isEntry: below.includes(it),
    isPrefix: below.some((rest) => rest.startsWith(`${it}/`)),
  }));
}

test('a page has the children behind the cursor, in order, up to the limit', async () => {
  await fc.assert(
    fc.asyncProperty(tree, directory, after, fc.integer({ min: 1, max: 6 }), async (paths, above, cursor, limit) => {
      await using memory = await filled(paths);
      const all = childrenOf(paths, above).filter((it) => cursor === undefined || compare(it.name, cursor) > 0);
      const { children, next } = await memory.list(above, { after: cursor, limit });
      expect(children).toEqual(all.slice(0, limit));
      expect(next).toBe(all.length > limit ? all[limit - 1]?.name : undefined);
    }),
    { numRuns: 500 },
  );
});

test('everything below a directory comes once and in order, whatever the size of the pages', async () => {
  await fc.assert(
    fc.asyncProperty(tree, directory, fc.integer({ min: 1, max: 6 }), async (paths, above, pageSize) => {
      await using memory = await filled(paths);
      const seen: string[] = [];
      for await (const entry of memory.entries(above, { pageSize })) seen.push(entry.path);
      const prefix = above === '/' ? '/' : `${above}/`;
      expect(seen).toEqual(paths.filter((it) => it.startsWith(prefix)).toSorted(compare));
    }),
    { numRuns: 300 },
  );
});
