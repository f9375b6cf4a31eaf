import { lstat } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openFiles } from '../../test/support/open-files.ts';
import { refusal } from '../../test/support/rejection.ts';
import { makeScratch } from '../../test/support/scratch.ts';
import { text } from '../../test/support/text.ts';
import { FILE_CALLS } from '../calls/file-calls.ts';
import { openLocalDisk } from '../open-local-disk.ts';
import { Root } from './root.ts';

test.runIf(process.platform === 'linux')('one file is held open until the filesystem is closed', async () => {
  await using scratch = await makeScratch();
  const before = openFiles(scratch);
  const disk = await openLocalDisk(scratch.open);
  await disk.put('/a/b', text('x'), 'any');
  expect(openFiles(scratch)).toBe(before + 1);
  await disk.close();
  expect(openFiles(scratch)).toBe(before);
});

test.runIf(process.platform === 'linux')(
  'what nobody closes is let go when it is forgotten, and Node does not complain',
  async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const warnings: unknown[] = [];
    const warned = (warning: unknown): void => void warnings.push(warning);
    process.on('warning', warned);
    try {
      await using scratch = await makeScratch();
      const before = openFiles(scratch);
      for (let opened = 0; opened < 10; opened += 1) await openLocalDisk(scratch.open);
      while (openFiles(scratch) > before) {
        collect();
        await setImmediate();
      }
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', warned);
    }
  },
);

test('a call that outlives its filesystem is told that it is closed, and not that the root is the same', async () => {
  await using scratch = await makeScratch();
  const root = await Root.open(FILE_CALLS, scratch.root);
  const found = await lstat(scratch.root, { bigint: true });
  expect(await root?.is(found)).toBe(true);
  await root?.close();
  expect(await refusal(Promise.resolve(root?.is(found)))).toBe('CLOSED not-applied');
});
