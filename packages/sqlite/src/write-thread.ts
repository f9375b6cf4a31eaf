// Runs in a thread of its own and writes to one database, for `WriteThread`. It imports nothing but what it needs, and no
// package that brings others, so that it starts fast and that a bundler can make one file of it.

import nodeModules from 'node:module';
// oxlint-disable-next-line no-restricted-imports -- nobody fakes the clock of this thread, and that of core would load core
import { performance } from 'node:perf_hooks';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { SqliteDatabaseConstructor } from './database.ts';
import { runGroups } from './run-groups.ts';
import { receiveBatch } from './thread/receive-batch.ts';
import { ThreadConnection } from './thread/thread-connection.ts';
import {
  CLOSE,
  READY,
  WRITE_BACK_AND_CLOSE,
  type SentBatch,
  type SentEnd,
  type SentError,
  type ThreadStart,
} from './thread/thread-messages.ts';

const port = parentPort as MessagePort;
const { file, driver } = workerData as ThreadStart;
const Database = nodeModules.createRequire(driver)(driver) as SqliteDatabaseConstructor;
const connection = new ThreadConnection(new Database(file, { timeout: 0, fileMustExist: true }));

port.on('message', (message: SentBatch | typeof CLOSE | typeof WRITE_BACK_AND_CLOSE) => {
  if (message === WRITE_BACK_AND_CLOSE) connection.writeBack();
  else if (message !== CLOSE) return port.postMessage(write(message));
  connection.close();
  // Not the end of the port: Deno has none.
  process.exit();
});
port.postMessage(READY);

function write(batch: SentBatch): SentEnd {
  connection.lookAt(batch.locks);
  const groups = receiveBatch(batch);
  const began = performance.now();
  const end = runGroups(connection, groups);
  const heldMs = performance.now() - began;
  if ('thrown' in end) return { end: { ...end, thrown: sentError(end.thrown) }, heldMs };
  const ends = end.groups.map((group) => ('thrown' in group ? { thrown: sentError(group.thrown) } : group));
  return { end: { groups: ends }, heldMs };
}

/** An error as it arrives: of what is cloned, only what has a class of the language keeps it, and none its code. */
function sentError(thrown: unknown): SentError {
  const { name, message, code, stack } = Object(thrown) as Partial<SentError>;
  return { name: String(name), message: String(message), code, stack };
}
