import { expect, test } from 'vitest';
import { bytes } from '../../test/support/bytes.ts';
import { collect } from '../../test/support/collect.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import type { Snapshot } from '../entries/entry.ts';
import { mountTable } from '../mounts/mount-table.ts';
import type { PathRange } from '../paths/path-range.ts';
import type { ScanContext } from './scan-context.ts';

/** Notes which page it is of its iteration; 0 for a scan that is none. */
class Counting extends MapFilesystem {
  readonly pages: number[] = [];

  protected override _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const kept = context.series?.keep(this, () => ({ pages: 0 }));
    if (kept !== undefined) kept.pages += 1;
    this.pages.push(kept?.pages ?? 0);
    return super._scan(range, limit, context);
  }
}

test('what an adapter keeps in the series is there for the pages of one iteration, and for no other', async () => {
  await using filesystem = new Counting();
  for (const path of ['/a', '/b', '/c']) await filesystem.put(path, { body: bytes('x') }, 'any');
  const table = mountTable([{ at: '/m', filesystem }]);
  const [one, other] = [filesystem.entries('/', { pageSize: 2 }), table.entries('/m', { pageSize: 2 })];
  await one.next();
  await other.next();
  await Promise.all([collect(one), collect(other)]);
  expect(filesystem.pages.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2]);
  filesystem.pages.length = 0;
  await filesystem.list('/');
  expect(new Set(filesystem.pages)).toEqual(new Set([0]));
});
