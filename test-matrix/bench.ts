/**
 * What a call costs in memory, bare and through each layer, and what a commit costs on every backend that has commits, against
 * one put: medians, measured in turn in one run. `--json` prints figures only, `--only` takes a pattern of ids.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RootFilesystem, VersionedCapabilities } from '@holdfast/core';
import { openSqlite, type SqliteDatabase } from '@holdfast/sqlite';
import { makeScratchDirectory } from '@holdfast/test-support';
import type { Backend } from './backends/backend.ts';
import { libsqlFile, libsqlRemote, libsqlReplica } from './backends/libsql.ts';
import { memory, sqliteFile } from './backends/local.ts';
import { postgres } from './backends/postgres.ts';
import type { BenchResult } from './bench/bench-result.ts';
import { CHANGES, measureCommits } from './bench/commit-cost.ts';
import { MEMORY_IDS, measureMemory } from './bench/memory-calls.ts';
import { startServers } from './report/servers.ts';
import { thisMachine } from './report/machine.ts';

const Database = createRequire(import.meta.url)('better-sqlite3') as new (file: string) => SqliteDatabase;

const ROUNDS = 200;
const CALLS = { rounds: 60, calls: 500 };

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
const idOf = ({ id }: Backend): string => `commit-${id}`;

const { values: asked } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string', default: '' } } });
const wanted = new RegExp(asked.only);
const say = asked.json === true ? () => {} : console.log;
const machine = thisMachine();
const results: BenchResult[] = [];

say(`Node ${machine.node}, ${machine.cpus} processors (${machine.cpuModel})`);
const calls = MEMORY_IDS.filter((id) => wanted.test(id));
if (calls.length > 0) {
  say(`\nmedians of ${CALLS.rounds} rounds in turn of ${CALLS.calls} calls, in processor time`);
  say(row(['', 'per second', 'µs a call', 'µs more than bare']));
  for (const result of await measureMemory(calls, CALLS)) {
    results.push(result);
    const { id, ours, peer } = result;
    const more = peer === null ? '' : (1e6 / ours - 1e6 / peer).toFixed(2);
    say(row([id, ours.toFixed(0), (1e6 / ours).toFixed(2), more]));
  }
}

const backends = BACKENDS.filter((backend) => wanted.test(idOf(backend)));
const servers = await startServers([...new Set(backends.flatMap(({ server }) => server ?? []))]);
try {
  for (const { description } of servers.reports()) say(description);
  if (backends.length > 0) {
    say(`\nmedians of ${ROUNDS} rounds in turn`);
    say(row(['', 'put', 'commit of 1', `commit of ${CHANGES}`, 'of 1', `of ${CHANGES}`]));
  }
  for (const backend of backends) {
    const { name, harness } = backend;
    const store = await harness.createStore();
    const filesystem = (await store.open()) as unknown as RootFilesystem<VersionedCapabilities>;
    const { put, commitOfOne, commitOfMany, ratio } = await measureCommits(filesystem, ROUNDS);
    const one = commitOfOne / put;
    results.push({ id: `${idOf(backend)}-1`, ours: commitOfOne, peer: put, ratio: one, unit: 'ms' });
    results.push({ id: `${idOf(backend)}-${CHANGES}`, ours: commitOfMany, peer: put, ratio, unit: 'ms' });
    const times = (value: number): string => `${value.toFixed(2)} x`;
    say(row([name, ms(put), ms(commitOfOne), ms(commitOfMany), times(one), times(ratio)]));
    await filesystem.close();
    await store.destroy();
  }
} finally {
  await servers.stop();
}
if (asked.json === true) console.log(JSON.stringify({ machine, results }, undefined, 2));

function ms(value: number): string {
  return `${value.toFixed(3)} ms`;
}

function row([name = '', ...cells]: readonly string[]): string {
  return name.padEnd(38) + cells.map((cell) => cell.padStart(15)).join('');
}
