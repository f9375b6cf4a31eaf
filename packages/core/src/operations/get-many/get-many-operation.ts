import { gatePath } from '../../capabilities/gate.ts';
import { parseOperationOptions } from '../../filesystem/operation-options.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import { makeOperation } from '../make-operation.ts';
import type { OperationKind } from '../operation-kind.ts';
import { strangersOptions } from '../strangers-options.ts';
import { checkFound } from './check-found.ts';
import { getEach } from './get-each.ts';
import { argumentsOf, type Found, type GetManyArguments, type GetManyOperation } from './get-many-arguments.ts';
import { getManyThrough } from './get-many-through.ts';
import { parsePaths } from './parse-paths.ts';
import { readAt } from './read-at.ts';

/** The entries at several paths, of which each is read by itself. */
const GET_MANY: OperationKind<Found, GetManyArguments> = {
  name: 'getMany',
  changes: false,
  touches: ({ paths = [] }) => paths.map(readAt),
  renamed: (args, rename) => argumentsOf(args.paths.map(rename), args),
  through: getManyThrough,
  gate: (claimant, operation) => {
    for (const path of operation.args.paths) gatePath(claimant.claims(operation, path), operation, path);
  },
  perform: (operation, backend) => {
    const { paths } = operation.args;
    const { adapter } = backend;
    return backend.read(operation, async (context) => {
      if (paths.length === 0) return [];
      if (adapter._getMany !== undefined) return checkFound(await adapter._getMany(paths, context), paths);
      // Each until it has ended, also when another has failed by then.
      return await getEach(operation, (path) =>
        backend.track(() => adapter._get(path, context), operation.call.observer),
      );
    });
  },
  ask: (filesystem, operation) =>
    getEach(operation, (path) => {
      const work = (async () => filesystem.get(path, strangersOptions(operation)))();
      operation.call.observer?.began(work);
      return work;
    }),
  opened: (found, { paths }, open) => found.map((each, place) => each && open(paths[place] as VirtualPath, each)),
  told: (found) => ({ returned: found.filter((each) => each !== undefined).length }),
};

/** A `getMany`, as callers make it. */
export function makeGetMany(paths: unknown, options: unknown): GetManyOperation {
  return makeOperation(GET_MANY, {
    path: () => undefined,
    rest: () => ({ args: argumentsOf(parsePaths(paths)), limits: parseOperationOptions(options) }),
  });
}
