import { compareCodePoints, isSegment } from '@holdfast/core/adapter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';

// Characters on both sides of `/`, and some that UTF-16 puts in another order than UTF-8.
const character = fc.constantFrom('a', 'b', '!', '-', '.', '0', '~', ' ', '%', '_', '"', "'", 'é', '～', '😀', '𐀀');
const name = fc.string({ unit: character, minLength: 1, maxLength: 3 }).filter(isSegment);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
const paths = fc.uniqueArray(path, { maxLength: 25 });

/** What `list` must answer: the children of a directory, ordered by name. */
function childrenOf(all: readonly string[], directory: string) {
  const prefix = directory === '/' ? '/' : `${directory}/`;
  const rests = all.filter((it) => it.startsWith(prefix)).map((it) => it.slice(prefix.length));
  const names = new Set(rests.map((rest) => rest.split('/')[0] as string));
  return [...names].toSorted(compareCodePoints).map((child) => ({
    name: child,
    isEntry: rests.includes(child),
    isPrefix: rests.some((rest) => rest.startsWith(`${child}/`)),
  }));
}

test('list and entries agree with a model, whatever the names and the pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      paths,
      fc.option(name, { nil: undefined }),
      fc.integer({ min: 1, max: 4 }),
      async (all, after, limit) => {
        await using store = await openSqlite({ file: ':memory:' });
        for (const it of all) await store.put(it, { body: new Uint8Array(1) }, 'absent');
        const directories = new Set(['/', ...all, ...all.map((it) => it.slice(0, it.lastIndexOf('/')) || '/')]);
        for (const directory of directories) {
          const expected = childrenOf(all, directory).filter(
            (it) => after === undefined || compareCodePoints(it.name, after) > 0,
          );
          expect(await store.list(directory, { after, limit })).toEqual({
            children: expected.slice(0, limit),
            next: expected.length > limit ? expected[limit - 1]?.name : undefined,
          });
          const below: string[] = [];
          for await (const entry of store.entries(directory, { pageSize: limit })) below.push(entry.path);
          const prefix = directory === '/' ? '/' : `${directory}/`;
          expect(below).toEqual(all.filter((it) => it.startsWith(prefix)).toSorted(compareCodePoints));
        }
      },
    ),
    { numRuns: 150 },
  );
});
