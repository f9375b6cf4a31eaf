import { HoldfastError } from '../errors/holdfast-error.ts';
import { CallersSteps } from '../operations/entries/callers-steps.ts';
import { checkInteger } from '../filesystem/check-options.ts';
import { MAX_PAGE_SIZE } from '../operations/page-limits.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { Child, RootFilesystem } from '../filesystem/root-filesystem.ts';
import { compareCodePoints } from '../paths/code-points.ts';
import { parseDirectory } from '../paths/virtual-path.ts';
import { checkFilesystem, readHelperOptions } from './check-helper.ts';
import { HelperCall } from './helper-call.ts';

/** The options of {@link listAll}. */
export interface ListAllOptions extends OperationOptions {
  /** Only names that sort after this one, which need not exist. */
  readonly after?: string | undefined;
  /** How many children one page has at most: 1 to 1,000, by default 1,000. */
  readonly pageSize?: number | undefined;
}

/**
 * Every direct child of a directory, in code point order of the names; `/` is the root. Goes through `list` page by page
 * while it is iterated: a child that is there throughout is seen exactly once, one that comes or goes meanwhile at most
 * once. One `list` per page, and no more in memory than one page; `Array.fromAsync` makes an array of them. `signal` is
 * for the whole iteration, `timeoutMs` bounds each page.
 *
 * @throws HoldfastError `CORRUPT` when a page begins where one before it did; or what `list` rejects with. All of them
 * reject a step, also those for malformed arguments
 */
export function listAll(
  filesystem: RootFilesystem,
  directory: string,
  options?: ListAllOptions,
): AsyncIterableIterator<Child> {
  return new CallersSteps(iterate(filesystem, directory, options));
}

async function* iterate(
  filesystem: RootFilesystem,
  directory: string,
  options: ListAllOptions | undefined,
): AsyncGenerator<Child, void, undefined> {
  const target = HelperCall.checked('listAll', undefined, () => parseDirectory(directory));
  const {
    after: first,
    limit,
    ...limits
  } = HelperCall.checked('listAll', target, () => {
    checkFilesystem(filesystem);
    const { after, pageSize, ...rest } = readHelperOptions(options, ['after', 'pageSize']);
    const most = checkInteger('pageSize', pageSize, { min: 1, max: MAX_PAGE_SIZE, fallback: MAX_PAGE_SIZE });
    // What the name is, `list` checks.
    return { ...rest, after: after as string | undefined, limit: most };
  });
  for (let after = first; ;) {
    const { children, next } = await page(after);
    yield* children;
    if (next === undefined) return;
    after = next;
  }

  async function page(after: string | undefined) {
    using call = new HelperCall('listAll', target, limits);
    return await call.read(async () => {
      const found = await filesystem.list(target, { ...call.options(), after, limit });
      if (found.next === undefined || after === undefined || compareCodePoints(found.next, after) > 0) return found;
      throw new HoldfastError('CORRUPT', 'the filesystem answered with a page that would make a listing go in circles');
    });
  }
}
