import { isHoldfastError, type Snapshot } from '@holdfast/core';
import { rangeAfter, type OperationContext, type PathRange } from '@holdfast/core/adapter';
import { SqlFilesystem } from '@holdfast/sql';
import type { LibsqlCapabilities } from './capabilities.ts';

/**
 * The filesystem over libSQL. A server answers no more than some megabytes at once, so a scan that would be
 * longer is read in parts.
 */
export class LibsqlSqlFilesystem extends SqlFilesystem<LibsqlCapabilities> {
  protected override async _scan(
    range: PathRange,
    limit: number,
    context: OperationContext,
  ): Promise<readonly Snapshot[]> {
    try {
      return await super._scan(range, limit, context);
    } catch (error) {
      if (limit === 1 || !isHoldfastError(error, 'BODY_TOO_LARGE')) throw error;
    }
    const most = Math.ceil(limit / 2);
    const first = await this._scan(range, most, context);
    const last = first.at(-1);
    if (last === undefined || first.length < most) return first;
    return [...first, ...(await this._scan(rangeAfter(range, last.path), limit - most, context))];
  }
}
