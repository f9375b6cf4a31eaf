import { readRecord } from '@holdfast/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { full } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { openStore } from './open-store.ts';
import { libsqlHttp, libsqlWebSocket, postgres, sqliteFile } from './stores.ts';
import { counter } from './update-for.ts';
import { Worker } from './worker.ts';

const PROCESSES = 4;
/** In each process: one by itself, or some whose updates are combined. */
const WRITERS = full ? [1, 4] : [4];
const durationMs = full ? 5000 : 500;

/** Ends what hangs. */
const TIMEOUT = 300_000;

const path = '/counter';

let workers: Worker[] = [];
beforeAll(async () => {
  workers = await Worker.start('fairness', PROCESSES);
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
});

test.for(
  [sqliteFile, postgres, libsqlHttp, libsqlWebSocket].flatMap((backend) =>
    WRITERS.map((writers) => [writers, backend.name, backend] as const),
  ),
)(
  `${PROCESSES} processes with %i writers each update one record, and none of them starves: %s`,
  { timeout: TIMEOUT },
  async ([writers, name, backend], context) => {
    await using store = await backend.makeStore();
    await using filesystem = await openStore(store.place);
    await Promise.all(workers.map((worker) => worker.open(store.place)));
    const work = { does: 'updates', updates: { path, writers, durationMs } } as const;
    const made = await Promise.all(workers.map((worker) => worker.does(store.place, work)));
    const updates = made.map((each) => each.updates);
    const all = updates.reduce((sum, each) => sum + each, 0);
    const failed = made.flatMap((each) => each.failed);
    const there = (await readRecord(filesystem, path, counter))?.value;
    const counts = {
      seconds: durationMs / 1000,
      updates: all,
      'least of a process': Math.min(...updates),
      'most of a process': Math.max(...updates),
      'slowest, ms': Math.round(Math.max(...made.map((each) => each.slowestMs))),
      failed: failed.length,
      lost: all - (there ?? 0),
    };
    noteFigures(context, {
      promise: `${PROCESSES} processes, ${PROCESSES * writers} writers, one record`,
      where: name,
      counts,
    });
    // One that has not landed by its deadline has starved.
    expect(failed).toEqual([]);
    expect(there).toBe(all);
  },
);
