import type { ParsedExpectation } from '@holdfast/core/adapter';
import { errnoOf } from '../calls/errno.ts';
import type { FileCalls } from '../calls/file-calls.ts';
import { publicationError } from '../errors.ts';
import { noHardLinks } from '../refusals.ts';

/** Something came to the path since it was looked at; looking again tells what. */
const IN_THE_WAY: ReadonlySet<string> = new Set(['EEXIST', 'EISDIR', 'ENOTEMPTY', 'ENOTDIR']);

/** What `link` answers where there are no hard links. EPERM is what POSIX has for it. */
const NO_HARD_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']);

/**
 * Gives a written file the name of the entry, in one atomic step that nobody can see the middle of. For
 * `'any'` that is `rename`, which replaces; for `'absent'` it is `link`, which never does, so that of any
 * number of writers exactly one gets through. Neither follows a symbolic link at the name.
 *
 * @returns whether it was published; `false` when something is in the way
 * @throws HoldfastError `UNSUPPORTED` for `'absent'` where the file system has no hard links. The raw ENOENT
 * when the written file is gone
 */
export async function publish(
  calls: FileCalls,
  from: string,
  to: string,
  expectation: ParsedExpectation,
): Promise<boolean> {
  try {
    if (expectation === 'absent') await calls.link(from, to);
    else await calls.rename(from, to);
    return true;
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (errno === 'ENOENT') throw error;
    if (IN_THE_WAY.has(errno)) return false;
    if (expectation === 'absent' && NO_HARD_LINKS.has(errno)) throw noHardLinks(error);
    throw publicationError(error);
  }
}
