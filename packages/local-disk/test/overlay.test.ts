import { expect, test } from 'vitest';
import { runOnOverlay } from './support/overlay.ts';
import { makeScratch } from './support/scratch.ts';

// All of it is also tested without mounts, on every machine: that a directory changes with its first write in
// `copied-up.test.ts`, and what a read-only file system answers in `open-local-disk.test.ts` and `put-entry.test.ts`.
test('a root in a lower layer of an overlay is as good as any other, also once it is copied up; one that is read-only is read', async (context) => {
  await using scratch = await makeScratch();
  const ran = await runOnOverlay(scratch.outside, new URL('children/on-overlay.ts', import.meta.url));
  if ('impossible' in ran) return context.skip(`not on an overlay mount, which this machine denies: ${ran.impossible}`);
  const seen = ['2', '3', 'new', ['a', 'b', 'deep'], ['/a', '/b', '/deep/low']];
  expect(JSON.parse(ran.printed)).toEqual({
    containment: 'descriptor',
    before: ['old\n', ['deep', 'other']],
    again: 'VERSION_MISMATCH',
    deleted: { deleted: true },
    disk: seen,
    other: seen,
    replaced: 'UNAVAILABLE',
    'read-only': [
      [],
      'ACCESS_DENIED not-applied the file system is read-only (EROFS)',
      'ACCESS_DENIED not-applied the file system is read-only (EROFS)',
      'ACCESS_DENIED  the file system is read-only (EROFS)',
    ],
  });
});
