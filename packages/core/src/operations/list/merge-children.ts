import type { ListRequest } from './list-request.ts';
import type { Child, ListPage } from '../../filesystem/root-filesystem.ts';
import { compareCodePoints } from '../../paths/code-points.ts';
import type { RouteChild } from '../../routing/route-table.ts';

/**
 * A page of children with those among them in which routes begin. Where one begins, an entry of the same name is
 * hidden; where they only begin further down, it is not.
 *
 * @param page the page of the same request without them, if there is one
 */
export function mergeChildren(
  page: ListPage | undefined,
  routes: readonly RouteChild[],
  request: ListRequest,
): ListPage {
  const { after, limit } = request;
  const names = new Set(routes.map(({ name }) => name));
  const found = page?.children.filter(({ name }) => !names.has(name)) ?? [];
  const entries = new Set(page?.children.flatMap(({ name, isEntry }) => (isEntry ? [name] : [])));
  const last = page?.next;
  // What sorts behind the page belongs to a later one.
  const due = routes.filter(
    ({ name }) =>
      (after === undefined || compareCodePoints(name, after) > 0) &&
      (last === undefined || compareCodePoints(name, last) <= 0),
  );
  const directories = due.map(({ name, isRoute }): Child => ({
    name,
    isEntry: !isRoute && entries.has(name),
    isPrefix: true,
  }));
  const merged = [...found, ...directories].toSorted((one, other) => compareCodePoints(one.name, other.name));
  const children = merged.slice(0, limit);
  const more = merged.length > limit || last !== undefined;
  // A page whose children are all hidden goes on where that page ended.
  return { children, next: more ? (merged.length > limit ? children.at(-1)?.name : last) : undefined };
}
