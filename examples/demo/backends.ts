import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RootFilesystem } from '@holdfast/core';
import { openLibsql } from '@holdfast/libsql';
import { openLocalDisk } from '@holdfast/local-disk';
import { openMemory } from '@holdfast/memory';
import { openPostgres } from '@holdfast/postgres';
import { openSqlite } from '@holdfast/sqlite';
import type { DemoServers } from './servers.ts';

/** What a backend is opened with. */
interface DemoSurroundings {
  /** Its own, empty, and removed afterwards. */
  readonly directory: string;
  readonly servers: DemoServers;
}

/** One backend of the demo. */
export interface DemoBackend {
  readonly name: string;
  /** Whether it must take records; otherwise it must refuse the first one. */
  readonly takesRecords: boolean;
  readonly open: (surroundings: DemoSurroundings) => Promise<RootFilesystem>;
}

/** Every backend there is. */
export const BACKENDS: readonly DemoBackend[] = [
  { name: 'memory', takesRecords: true, open: async () => openMemory() },
  {
    name: 'sqlite (file)',
    takesRecords: true,
    open: ({ directory }) => openSqlite({ file: join(directory, 'demo.db') }),
  },
  { name: 'sqlite (in memory)', takesRecords: true, open: () => openSqlite({ file: ':memory:' }) },
  {
    name: 'libsql (file)',
    takesRecords: true,
    open: ({ directory }) => openLibsql({ config: { url: pathToFileURL(join(directory, 'demo.db')).href } }),
  },
  { name: 'libsql (server)', takesRecords: true, open: ({ servers: { libsql } }) => openLibsql(libsql) },
  {
    name: 'libsql (embedded replica)',
    takesRecords: true,
    open: ({ directory, servers: { libsql } }) => {
      const { url: syncUrl, ...rest } = libsql.config;
      const url = pathToFileURL(join(directory, 'replica.db')).href;
      return openLibsql({ ...libsql, config: { ...rest, url, syncUrl } });
    },
  },
  { name: 'postgres', takesRecords: true, open: ({ servers: { postgres } }) => openPostgres(postgres) },
  { name: 'local disk', takesRecords: false, open: ({ directory }) => openLocalDisk({ root: directory }) },
];

/** Opens a backend in a directory of its own, and cleans up whatever happens. */
export async function withBackend<T>(
  backend: DemoBackend,
  servers: DemoServers,
  use: (filesystem: RootFilesystem, directory: string) => Promise<T>,
): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'holdfast-demo-'));
  try {
    const directory = join(parent, 'store');
    await mkdir(directory);
    {
      await using filesystem = await backend.open({ directory, servers });
      return await use(filesystem, directory);
    }
  } finally {
    await servers.clear();
    await rm(parent, { recursive: true, force: true });
  }
}
