import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segment } from '../../../test/support/arbitraries.ts';
import type { Child, ListPage } from '../../filesystem/root-filesystem.ts';
import { compareCodePoints } from '../../paths/code-points.ts';
import { mergeChildren } from './merge-children.ts';

const child = (name: string, isEntry = true, isPrefix = false): Child => ({ name, isEntry, isPrefix });
const begins = (name: string) => ({ name, isRoute: true });

/** The page that a filesystem with these children answers. */
function pageOf(children: readonly Child[], after: string | undefined, limit: number): ListPage {
  const behind = children
    .filter(({ name }) => after === undefined || compareCodePoints(name, after) > 0)
    .toSorted((one, other) => compareCodePoints(one.name, other.name));
  const page = behind.slice(0, limit);
  return { children: page, next: behind.length > limit ? page.at(-1)?.name : undefined };
}

test('without a page there are the routes alone', () => {
  const routes = [begins('a'), begins('b'), begins('c')];
  const both = [child('a', false, true), child('b', false, true)];
  expect(mergeChildren(undefined, routes, { after: undefined, limit: 2 })).toEqual({ children: both, next: 'b' });
  expect(mergeChildren(undefined, routes, { after: 'b', limit: 2 }).next).toBeUndefined();
});

test('a route hides an entry of its name; one that only begins further down does not', () => {
  const page = pageOf([child('a'), child('b')], undefined, 9);
  const routes = [begins('a'), { name: 'b', isRoute: false }, { name: 'c', isRoute: false }];
  expect(mergeChildren(page, routes, { after: undefined, limit: 9 }).children).toEqual([
    child('a', false, true),
    child('b', true, true),
    child('c', false, true),
  ]);
});

test('a page whose children are all hidden still leads on', () => {
  const page = { children: [child('b')], next: 'b' };
  expect(mergeChildren(page, [begins('b')], { after: undefined, limit: 1 })).toEqual({
    children: [child('b', false, true)],
    next: 'b',
  });
});

test('page after page gives every child once and in order, whatever the limit and the cursor', () => {
  const names = fc.uniqueArray(segment, { maxLength: 8 });
  const routes = fc.uniqueArray(fc.record({ name: segment, isRoute: fc.boolean() }), {
    maxLength: 6,
    selector: ({ name }) => name,
  });
  fc.assert(
    fc.property(names, routes, fc.integer({ min: 1, max: 5 }), fc.option(segment), (stored, some, limit, cursor) => {
      const sorted = some.toSorted((one, other) => compareCodePoints(one.name, other.name));
      const children = stored.map((name) => child(name));
      const expected = [...new Set([...stored, ...some.map(({ name }) => name)])]
        .filter((name) => cursor === null || compareCodePoints(name, cursor) > 0)
        .toSorted(compareCodePoints);
      const seen: string[] = [];
      for (let after = cursor ?? undefined; ;) {
        const page = mergeChildren(pageOf(children, after, limit), sorted, { after, limit });
        expect(page.children.length).toBeLessThanOrEqual(limit);
        seen.push(...page.children.map(({ name }) => name));
        if (page.next === undefined) break;
        expect(page.next).toBe(seen.at(-1));
        after = page.next;
      }
      expect(seen).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
