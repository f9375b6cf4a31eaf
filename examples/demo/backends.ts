import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RootFilesystem } from '@holdfast/core';
import { openLocalDisk } from '@holdfast/local-disk';
import { openMemory } from '@holdfast/memory';
import { openSqlite } from '@holdfast/sqlite';

/** One backend the demo can start on this machine. `directory` is its own, empty, and removed afterwards. */
export interface DemoBackend {
  readonly name: string;
  readonly open: (directory: string) => Promise<RootFilesystem>;
}

/** Every backend that needs nothing but this process and a directory. */
export const BACKENDS: readonly DemoBackend[] = [
  { name: 'memory', open: async () => openMemory() },
  { name: 'sqlite (file)', open: (directory) => openSqlite({ file: join(directory, 'demo.db') }) },
  { name: 'sqlite (in memory)', open: () => openSqlite({ file: ':memory:' }) },
  { name: 'local disk', open: (directory) => openLocalDisk({ root: directory }) },
];

/** Opens a backend in a directory of its own, and cleans up whatever happens. */
export async function withBackend<T>(
  backend: DemoBackend,
  use: (filesystem: RootFilesystem, directory: string) => Promise<T>,
): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'holdfast-demo-'));
  try {
    const directory = join(parent, 'store');
    await mkdir(directory);
    await using filesystem = await backend.open(directory);
    return await use(filesystem, directory);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
