import { describe, expect, test } from 'vitest';
import { openWith } from '../src/open-with.ts';
import { CREATE_FILE } from '../src/calls/open-flags.ts';
import { CONTAINMENTS } from './support/containments.ts';
import { intercept } from './support/intercept.ts';
import { makeScratch } from './support/scratch.ts';
import { namesIn, pathsBelow, text, textOf } from './support/text.ts';
import type { FileCalls } from '../src/calls/file-calls.ts';

interface Told {
  readonly ino: bigint;
  readonly birthtimeNs: bigint;
}

/**
 * What overlayfs, on which every container image is, does to a directory of a lower layer: the first write below it
 * copies it up, from when on it was born then. `told` is what it tells of a directory after that.
 */
function overlay(told: (before: Told) => Partial<Told>): FileCalls {
  let copiedUp = false;
  return intercept(async (name, real, args) => {
    const found = await real();
    if (name === 'open' && args[1] === CREATE_FILE) copiedUp = true;
    const isStat = name === 'lstat' || name === 'file.stat';
    return isStat && copiedUp && typeof (found as Told).ino === 'bigint'
      ? Object.assign(found as Told, told(found as Told))
      : found;
  });
}

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test.each<[string, (before: Told) => Partial<Told>]>([
    ['another time of birth', ({ birthtimeNs }) => ({ birthtimeNs: birthtimeNs + 1n })],
    ['another time of birth and number', ({ birthtimeNs, ino }) => ({ birthtimeNs: birthtimeNs + 1n, ino: ino + 7n })],
  ])('a root that gets %s with its first write is still the root', async (_, told) => {
    await using scratch = await makeScratch();
    const calls = overlay(told);
    await using reader = await openWith(scratch.open, { calls, containment });
    await using disk = await openWith(scratch.open, { calls, containment });
    expect(await reader.get('/d/a')).toBeUndefined();
    await disk.put('/d/a', text('x'), 'any');
    await disk.put('/d/a', text('y'), 'any');
    await disk.put('/b', text('z'), 'absent');
    for (const each of [disk, reader]) {
      expect(textOf(await each.get('/d/a'))).toBe('y');
      expect(await namesIn(each, '/')).toEqual(['b', 'd']);
      expect(await pathsBelow(each, '/')).toEqual(['/b', '/d/a']);
    }
    expect(await disk.delete('/d/a', 'any')).toEqual({ deleted: true });
    expect(await reader.get('/d/a')).toBeUndefined();
  });
});
