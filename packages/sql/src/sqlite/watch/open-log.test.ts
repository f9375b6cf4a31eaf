import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { fileAt, type FileId } from './descriptors.ts';
import { OpenLog } from './open-log.ts';

test.runIf(process.platform === 'linux')(
  'a log that is open is there until it is removed, replaced or closed',
  async () => {
    await using scratch = await makeScratchDirectory('open-log');
    const directory = await realpath(scratch.path);
    const open = (name: string) => {
      const path = join(directory, name);
      const descriptor = openSync(path, 'w+');
      return { path, descriptor, log: OpenLog.at(path, fileAt(path) as FileId) };
    };
    const [removed, moved, replaced, closed, kept] = [open('a'), open('b'), open('c'), open('d'), open('e')];
    const all = [removed, moved, replaced, closed, kept];
    expect(all.map(({ log }) => log?.isThere())).toEqual([true, true, true, true, true]);
    rmSync(removed.path);
    renameSync(moved.path, join(directory, 'elsewhere'));
    rmSync(replaced.path);
    writeFileSync(replaced.path, '');
    closeSync(closed.descriptor);
    expect(all.map(({ log }) => log?.isThere())).toEqual([false, false, false, false, true]);
    for (const { descriptor } of [removed, moved, replaced, kept]) closeSync(descriptor);
  },
);

test('nothing is told of a file that is not open', async () => {
  await using scratch = await makeScratchDirectory('open-log');
  const path = join(scratch.path, 'a');
  writeFileSync(path, '');
  expect(OpenLog.at(path, fileAt(path) as FileId)).toBe(undefined);
});
