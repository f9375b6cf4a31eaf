import { Worker } from 'node:worker_threads';
import type { RootFilesystem } from '@holdfast/core';
import { getsStatement, nameTables, SqlFilesystem, sqliteProfile } from '@holdfast/sql';
import { sqliteCapabilities } from '../../src/capabilities.ts';
import { SqliteConnection } from '../../src/connection.ts';
import { SqliteDriver } from '../../src/driver.ts';
import { openSqlite } from '../../src/index.ts';
import { driverFile } from '../../src/thread/driver-file.ts';
import { loadDriver } from '../../src/load-driver.ts';
import { ThreadWriter } from '../../src/thread/thread-writer.ts';
import { FAULT, GATE, PLACES, WAITING, type FaultyStart } from '../threads/faults.ts';

/** A store whose thread can be made to fail. */
export interface ThreadStore extends AsyncDisposable {
  readonly store: RootFilesystem<ReturnType<typeof sqliteCapabilities>>;
  /** The threads that were started so far. */
  readonly threads: readonly Worker[];
  /** What happens in the next transaction. */
  setFault(fault: number): void;
  /** Resolves when the thread waits. */
  waits(): Promise<unknown>;
  /** Lets it go on. */
  goOn(): void;
}

const faultyThread = new URL('../threads/faulty-thread.ts', import.meta.url);
const tables = nameTables({}, sqliteProfile);

/** Opens a file as `openSqlite` does, with a thread that is in the hands of the test. */
export async function openThreadStore(file: string, thread: URL = faultyThread): Promise<ThreadStore> {
  await (await openSqlite({ file })).close();
  const Database = await loadDriver();
  const connection = new SqliteConnection(new Database(file, { timeout: 0 }), { owned: true });
  connection.prepare('select 1 from holdfast_entries').all();
  connection.watch();
  const threads: Worker[] = [];
  const faults = new Int32Array(new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT));
  const start = (): Worker => {
    const workerData: FaultyStart = { file, driver: driverFile(Database) ?? '', faults };
    threads.push(new Worker(thread, { workerData }));
    return threads.at(-1) as Worker;
  };
  const writer = new ThreadWriter({ connection, start });
  await writer.ready();
  const store = new SqlFilesystem({
    capabilities: sqliteCapabilities({ durability: 'power-loss', sharing: 'host' }, 1024 * 1024),
    profile: sqliteProfile,
    tables,
    driver: new SqliteDriver({
      connection,
      writer,
      busyTimeoutMs: 5000,
      getsStatement: getsStatement(sqliteProfile, tables),
    }),
    batches: { atOnce: 1, maxGroups: 256, maxChanges: 1000, maxBytes: 1024 * 1024 },
    store: file,
  });
  return {
    store,
    threads,
    setFault: (fault) => void (faults[FAULT] = fault),
    waits: async () => Atomics.waitAsync(faults, WAITING, 0).value,
    goOn() {
      Atomics.store(faults, GATE, 1);
      Atomics.notify(faults, GATE);
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
}
