import type { VirtualPath } from '../../paths/virtual-path.ts';
import { checkArray } from '../check-array.ts';
import type { Found } from './get-many-arguments.ts';

/**
 * What was answered to a `getMany`, if it can be the answer: as many as there are paths, and nothing in the place of another
 * path. Whoever mixes them up is found out before a caller takes one entry for another.
 *
 * @throws TypeError
 */
export function checkFound(found: Found, paths: readonly VirtualPath[]): Found {
  checkArray(found);
  if (found.length !== paths.length) throw new TypeError('as many entries as paths were expected');
  for (let place = 0; place < paths.length; place += 1) {
    const each = found[place];
    if (each !== undefined && each.path !== paths[place])
      throw new TypeError('an entry is not in the place of its path');
  }
  return found;
}
