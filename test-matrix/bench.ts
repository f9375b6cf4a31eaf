/** What a commit costs on every backend that has commits, against one put: medians, measured in turn in one run. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { RootFilesystem, VersionedCapabilities } from '@holdfast/core';
import { openSqlite, type SqliteDatabase } from '@holdfast/sqlite';
import { makeScratchDirectory } from '@holdfast/test-support';
import type { Backend } from './backends/backend.ts';
import { libsqlFile, libsqlRemote, libsqlReplica } from './backends/libsql.ts';
import { memory, sqliteFile } from './backends/local.ts';
import { postgres } from './backends/postgres.ts';
import { CHANGES, measureCommits } from './bench/commit-cost.ts';
import { startServers } from './report/servers.ts';
import { thisMachine } from './report/machine.ts';

const Database = createRequire(import.meta.url)('better-sqlite3') as new (file: string) => SqliteDatabase;

const ROUNDS = 200;

/** SQLite in a file whose commits are not synced one by one, which a supplied database can be. */
const unsynced: Backend = {
  id: 'sqlite-unsynced',
  name: 'SQLite (file, synchronous = normal)',
  server: undefined,
  harness: {
    name: 'SQLite (file, synchronous = normal)',
    async createStore() {
      const scratch = await makeScratchDirectory('bench');
      const database = new Database(join(scratch.path, 'store.db'));
      database.pragma('journal_mode = wal');
      database.pragma('synchronous = normal');
      return {
        open: () => openSqlite({ database }),
        async destroy() {
          database.close();
          await scratch.remove();
        },
      };
    },
  },
};

const BACKENDS = [memory, sqliteFile, unsynced, libsqlFile, libsqlReplica, libsqlRemote, postgres];

const { node, cpus, cpuModel } = thisMachine();
console.log(`Node ${node}, ${cpus} processors (${cpuModel}), medians of ${ROUNDS} rounds in turn\n`);
const servers = await startServers(['postgres', 'libsql']);
try {
  for (const { description } of servers.reports()) console.log(description);
  console.log(`\n${row(['', 'put', 'commit of 1', `commit of ${CHANGES}`, 'of 1', `of ${CHANGES}`])}`);
  for (const { name, harness } of BACKENDS) {
    const store = await harness.createStore();
    const filesystem = (await store.open()) as unknown as RootFilesystem<VersionedCapabilities>;
    const { put, commitOfOne, commitOfMany, ratio } = await measureCommits(filesystem, ROUNDS);
    const times = (value: number): string => `${value.toFixed(2)} x`;
    console.log(row([name, ms(put), ms(commitOfOne), ms(commitOfMany), times(commitOfOne / put), times(ratio)]));
    await filesystem.close();
    await store.destroy();
  }
} finally {
  await servers.stop();
}

function ms(value: number): string {
  return `${value.toFixed(3)} ms`;
}

function row([name = '', ...cells]: readonly string[]): string {
  return name.padEnd(38) + cells.map((cell) => cell.padStart(15)).join('');
}
