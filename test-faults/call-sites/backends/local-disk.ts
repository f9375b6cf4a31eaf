import { readdirSync, readlinkSync } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { openLocalDisk } from '@holdfast/local-disk';
import { makeScratchDirectory } from '@holdfast/test-support';
import type { Calls, Failure, Failures } from '../machine/calls.ts';
import type { Store } from '../machine/stage.ts';
import { CANARY } from '../machine/trial.ts';
import { intercept } from './intercept.ts';

const failing = (code: string): Failure => ({
  make: () =>
    Object.assign(new Error(`${code}: it failed, call '/${CANARY}'`), {
      code,
      errno: -1,
      syscall: 'call',
      path: `/${CANARY}`,
    }),
});

const REFUSALS = ['EIO', 'ENOSPC', 'EMFILE'].map(failing);

/** What changes a directory may have done so although it fails, on a disk of the network above all. */
const CHANGES: Failures = { before: REFUSALS, after: [failing('EIO')] };
const LOOKS: Failures = { before: REFUSALS, after: [] };
/** A handle that fails to close is closed all the same. */
const CLOSES: Failures = { before: [], after: [failing('EIO')] };

const CALLS: Readonly<Record<string, Failures>> = {
  link: CHANGES,
  lstat: LOOKS,
  mkdir: CHANGES,
  open: LOOKS,
  opendir: LOOKS,
  readlink: LOOKS,
  realpath: LOOKS,
  rename: CHANGES,
  rmdir: CHANGES,
  unlink: CHANGES,
};
const HANDLE_CALLS: Readonly<Record<string, Failures>> = {
  sync: LOOKS,
  write: LOOKS,
  read: LOOKS,
  stat: LOOKS,
};

/** Leads Node's own calls to the disk through the faults, until what it answers is called. */
async function interceptDisk(calls: Calls, directory: string): Promise<() => void> {
  const handle = await fs.open(directory);
  const handles = Object.getPrototypeOf(handle) as object;
  await handle.close();
  const through = (target: object, all: Readonly<Record<string, Failures>>): (() => void)[] =>
    Object.entries(all).map(([name, failures]) =>
      intercept(target, name, (real) => calls.later(name, async () => real(), failures)),
    );
  const restores = [...through(fs, CALLS), ...through(handles, HANDLE_CALLS)];
  // Each handle has one of its own.
  const closing = intercept(fs, 'open', async (real) => {
    const opened = await (real() as Promise<FileHandle>);
    const close = opened.close.bind(opened);
    Object.defineProperty(opened, 'close', { value: () => calls.later('close', close, CLOSES) });
    return opened;
  });
  restores.unshift(closing);
  syncBuiltinESMExports();
  return () => {
    for (const restore of restores) restore();
    syncBuiltinESMExports();
  };
}

/** How many files and directories below one this process has open, where the system tells. */
function openBelow(directory: string): number {
  if (process.platform !== 'linux') return 0;
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory);
    } catch {
      return false;
    }
  }).length;
}

/** Two instances on one directory. */
export async function localDiskStore(calls: Calls): Promise<Store> {
  const { path, remove } = await makeScratchDirectory('call-sites');
  const base = await fs.realpath(path);
  const root = join(base, CANARY);
  const open = () => openLocalDisk({ root, create: true });
  const instances = [await open(), await open()] as const;
  const reader = await open();
  const restore = await interceptDisk(calls, root);
  const atFirst = openBelow(base);
  const mayLeaveFiles = /unlink|rmdir|close/;
  return {
    instances,
    reader,
    open,
    async leaks(directory) {
      const handles = openBelow(base) - atFirst;
      const names = [...(await fs.readdir(root)), ...(await fs.readdir(join(root, directory), { recursive: true }))];
      const left = names.filter((name) => name.includes('.holdfast-'));
      const isExcused = calls.failed.some((name) => mayLeaveFiles.test(name));
      return [
        ...(handles > 0 ? [`${handles} handles are open`] : []),
        ...(left.length > 0 && !isExcused ? [`temporary files: ${left.join(', ')}`] : []),
      ];
    },
    async close() {
      await Promise.all([...instances, reader].map((it) => it.close()));
      restore();
      await remove();
    },
  };
}
