import { mkdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { followGlobals } from '@holdfast/test-support';
import { beforeEach, expect, test, vi } from 'vitest';
import { FILE_CALLS, type FileCalls } from '../calls/file-calls.ts';
import { BY_DESCRIPTOR } from '../tree/by-descriptor.ts';
import { openIn } from '../../test/support/open-in.ts';
import { makeScratch, type Scratch } from '../../test/support/scratch.ts';
import { text } from '../../test/support/text.ts';

beforeEach(followGlobals);

/** Calls that write down, in order, what is fsynced and what is published, by its path below the root. */
function recorded({ root }: Scratch): { readonly calls: FileCalls; readonly log: string[] } {
  const log: string[] = [];
  const named = (path: string): string => path.replace(root, '').replace(/\.holdfast-\w+\.tmp$/, 'TEMP') || '/';
  const calls: FileCalls = {
    ...FILE_CALLS,
    open: async (...args) => {
      const handle = await FILE_CALLS.open(...args);
      const path = await readlink(`/proc/self/fd/${handle.fd}`);
      const sync = handle.sync.bind(handle);
      handle.sync = () => {
        log.push(`sync ${named(path)}`);
        return sync();
      };
      return handle;
    },
    rename: (from, to) => {
      log.push('rename');
      return FILE_CALLS.rename(from, to);
    },
    unlink: (path) => {
      log.push('unlink');
      return FILE_CALLS.unlink(path);
    },
  };
  return { calls, log };
}

const written = (log: string[]): string[] => log.splice(0);

test.runIf(process.platform === 'linux')(
  'the body, then every directory on the way, is fsynced before publication, and the last one after it',
  async () => {
    await using scratch = await makeScratch();
    const { calls, log } = recorded(scratch);
    await using disk = await openIn(scratch, { calls });
    await disk.put('/a/b/c', text('x'), 'any');
    expect(written(log)).toEqual(['sync /a/b/TEMP', 'sync /', 'sync /a', 'rename', 'sync /a/b']);
    await disk.put('/c', text('x'), 'any');
    expect(written(log)).toEqual(['sync /TEMP', 'rename', 'sync /']);
  },
);

test.runIf(process.platform === 'linux')(
  'directories found there are fsynced too, since whoever made them may not have come to it; but once',
  async () => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.root, 'a/b'), { recursive: true });
    const { calls, log } = recorded(scratch);
    await using disk = await openIn(scratch, { calls });
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    await disk.put('/a/b/c', text('x'), 'any');
    expect(written(log)).toEqual(['sync /a/b/TEMP', 'sync /', 'sync /a', 'rename', 'sync /a/b']);
    await disk.put('/a/b/d', text('x'), 'any');
    expect(written(log)).toEqual(['sync /a/b/TEMP', 'rename', 'sync /a/b']);
  },
);

test.runIf(process.platform === 'linux')(
  'a directory that was removed and made again is fsynced again, and one that is new is never remembered',
  async () => {
    await using scratch = await makeScratch();
    const { calls, log } = recorded(scratch);
    await using disk = await openIn(scratch, { calls });
    // However slow the machine is, nothing gets older than it is now.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now());
    for (let round = 0; round < 3; round += 1) {
      await disk.put('/a/b', text('x'), 'any');
      expect(written(log)).toEqual(['sync /a/TEMP', 'sync /', 'rename', 'sync /a']);
      await disk.put('/a/c', text('x'), 'any');
      expect(written(log)).toEqual(['sync /a/TEMP', 'sync /', 'rename', 'sync /a']);
      await disk.delete('/a/c', 'any');
      await disk.delete('/a/b', 'any');
      log.length = 0;
    }
  },
);

test.runIf(process.platform === 'linux')(
  'a directory that has the inode of a remembered one, but was born later, is fsynced again',
  async () => {
    await using scratch = await makeScratch();
    const { calls, log } = recorded(scratch);
    let born = BigInt(Date.now() - 60_000) * 1_000_000n;
    const stat = (): Promise<unknown> => Promise.resolve({ dev: 1n, ino: 2n, birthtimeNs: born });
    const sameInode: FileCalls = {
      ...calls,
      open: async (...args) => Object.assign(await calls.open(...args), { stat }),
    };
    await using disk = await openIn(scratch, { calls: sameInode });
    await disk.put('/a/b', text('x'), 'any');
    log.length = 0;
    await disk.put('/a/b', text('x'), 'any');
    expect(written(log)).toEqual(['sync /a/TEMP', 'rename', 'sync /a']);
    born += 1n;
    await disk.put('/a/b', text('x'), 'any');
    expect(written(log)).toEqual(['sync /a/TEMP', 'sync /', 'rename', 'sync /a']);
  },
);

test.runIf(process.platform === 'linux')('a delete is fsynced after the unlink', async () => {
  await using scratch = await makeScratch();
  const { calls, log } = recorded(scratch);
  await using disk = await openIn(scratch, { calls });
  await disk.put('/a/b', text('x'), 'any');
  log.length = 0;
  await disk.delete('/a/b', 'any');
  expect(log).toEqual(['unlink', 'sync /a']);
});

test.runIf(process.platform === 'linux')(
  'a delete that has its directory copied, as on overlayfs, makes the copy durable too',
  async () => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.root, 'a/b'), { recursive: true });
    await writeFile(join(scratch.root, 'a/b/c'), 'x');
    await writeFile(join(scratch.root, 'a/b/d'), 'x');
    const { calls, log } = recorded(scratch);
    let born = BigInt(Date.now() - 60_000) * 1_000_000n;
    const copied: FileCalls = {
      ...calls,
      open: async (...args) => {
        const handle = await calls.open(...args);
        return Object.assign(handle, { stat: async () => ({ dev: 1n, ino: 2n, birthtimeNs: born }) });
      },
      unlink: async (path) => {
        born = BigInt(Date.now()) * 1_000_000n;
        await calls.unlink(path);
      },
    };
    await using disk = await openIn(scratch, { calls: copied, containment: BY_DESCRIPTOR });
    await disk.delete('/a/b/c', 'any');
    expect(log).toEqual(['unlink', 'sync /a/b', 'sync /', 'sync /a']);
  },
);

test.runIf(process.platform === 'linux')('a root that is made is fsynced into the directories above it', async () => {
  await using scratch = await makeScratch();
  const { calls, log } = recorded(scratch);
  const { openWith } = await import('../open-with.ts');
  await using disk = await openWith({ root: join(scratch.root, 'x/y'), create: true }, { calls });
  expect(log).toEqual(['sync /x', 'sync /']);
  await disk.close();
});
