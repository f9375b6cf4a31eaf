import type { ListPage } from '../../filesystem/root-filesystem.ts';
import { childPrefix } from '../../paths/path-range.ts';
import { parseDirectory, type DirectoryPath, type VirtualPath } from '../../paths/virtual-path.ts';
import type { Route } from '../../routing/route.ts';
import type { Routing } from '../../routing/routing.ts';
import { checkArray } from '../check-array.ts';
import { makeOperation } from '../make-operation.ts';
import type { Operation } from '../operation.ts';
import type { OperationKind } from '../operation-kind.ts';
import { strangersOptions } from '../strangers-options.ts';
import { parseListOptions } from './list-options.ts';
import type { ListRequest } from './list-request.ts';
import { mergeChildren } from './merge-children.ts';

interface ListArguments extends ListRequest {
  readonly path: DirectoryPath;
}

/** A page of the direct children of a directory. */
const LIST: OperationKind<ListPage, ListArguments> = {
  name: 'list',
  changes: false,
  method: 'list',
  touches: ({ path }) => [{ path, permissions: ['list'], isDirectory: true }],
  renamed: ({ path, after, limit }, rename) => ({ path: rename(path), after, limit }),
  through: listThrough,
  perform: (operation, backend) => {
    const { path, after, limit } = operation.args;
    return backend.read(operation, async (context) => {
      // One more than asked for tells whether there is a next page.
      const found = await backend.adapter._list(path, { after, limit: limit + 1 }, context);
      checkArray(found);
      const children = found.slice(0, limit);
      return { children, next: found.length > limit ? children.at(-1)?.name : undefined };
    });
  },
  ask: (filesystem, operation) => {
    const { path, after, limit } = operation.args;
    return filesystem.list(path, { ...strangersOptions(operation), after, limit });
  },
  told: ({ children }) => ({ returned: children.length }),
};

/** A `list`, as callers make it. */
export function makeList(directory: unknown, options: unknown): Operation<ListPage> {
  return makeOperation(LIST, {
    path: () => parseDirectory(directory as string),
    rest: (path) => {
      const { after, limit, signal, timeoutMs } = parseListOptions(options);
      return { args: { path, after, limit }, limits: { signal, timeoutMs } };
    },
  });
}

/** The children of the filesystem in charge, and in their places the directories in which routes begin. */
async function listThrough(operation: Operation<ListPage, ListArguments>, routing: Routing): Promise<ListPage> {
  const { path } = operation.args;
  const route = routing.routeOf(operation);
  const nested = routing.routes.childrenOf(path);
  const serving = route?.reaches(path) === true ? route : undefined;
  if (serving !== undefined && nested.length === 0) return await listInside(operation, routing, serving);
  // Where nothing is asked of a backend, nobody else says so.
  const tooLate = operation.exhausted();
  if (tooLate !== undefined) throw tooLate;
  return mergeChildren(serving && (await listInside(operation, routing, serving)), nested, operation.args);
}

async function listInside(
  operation: Operation<ListPage, ListArguments>,
  routing: Routing,
  route: Route,
): Promise<ListPage> {
  const path = route.directoryInside(operation.args.path);
  try {
    const { children, next } = await routing.pass(route, operation.with({ ...operation.args, path }));
    const shown = children.filter(({ name }) => route.shows((childPrefix(path) + name) as VirtualPath));
    return { children: shown, next };
  } catch (thrown) {
    throw routing.errorOf(thrown, operation, route);
  }
}
