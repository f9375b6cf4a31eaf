import { isHoldfastError, type Snapshot } from '@holdfast/core';
import { rangeAfter, type PathRange, type ScanContext } from '@holdfast/core/adapter';
import { SqlFilesystem } from '@holdfast/sql';
import type { LibsqlCapabilities } from './capabilities.ts';

/**
 * How many bytes of bodies are enough for one page from a server, in bytes. With the longest body it takes by default
 * behind them, as base64, they are just below the 10 MB that its answers may have by default.
 */
const SERVER_PAGE_BYTES: number = 3 * 1024 * 1024;

/**
 * The filesystem over libSQL. A server answers no more than some megabytes at once, so its pages are smaller; a scan that
 * is too long all the same, for a server with other limits, is read in parts.
 */
export class LibsqlSqlFilesystem extends SqlFilesystem<LibsqlCapabilities> {
  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
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

  protected override _mostPageBytes(): number {
    return this._capabilitiesAt().sharing === 'network' ? SERVER_PAGE_BYTES : super._mostPageBytes();
  }
}
