import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { fileAt, fileBehind, unlessRefused, writersOf, type FileId } from './descriptors.ts';

test('of all descriptors of a file, those that may write it are found', async () => {
  await using scratch = await makeScratchDirectory('descriptors');
  const [path, other] = [join(scratch.path, 'a'), join(scratch.path, 'b')];
  expect(fileAt(path)).toBe(null);
  const opened = [openSync(path, 'w+'), openSync(path, 'r+'), openSync(path, 'r'), openSync(other, 'w')];
  try {
    const file = fileAt(path) as FileId;
    expect(opened.map((descriptor) => fileBehind(descriptor) === file)).toEqual([true, true, true, false]);
    const writers = process.platform === 'linux' ? opened.slice(0, 2) : opened.slice(0, 3);
    expect(new Set(writersOf(file))).toEqual(new Set(writers));
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
  expect(fileBehind(opened[0] as number)).not.toBe(fileAt(path));
});

test('that nothing more may be opened is never taken for nothing to be seen', () => {
  const failing = (code: string) => (): never => {
    throw Object.assign(new Error(code), { code });
  };
  for (const code of ['EMFILE', 'ENFILE']) {
    expect(() => unlessRefused(failing(code))).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE', outcome: 'not-applied' }),
    );
  }
  for (const code of ['ENOENT', 'EACCES', 'ERR_ACCESS_DENIED']) expect(unlessRefused(failing(code))).toBe(undefined);
});
