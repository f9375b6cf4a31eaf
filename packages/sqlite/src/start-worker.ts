import { Worker } from 'node:worker_threads';
import type { ThreadStart } from './thread/thread-messages.ts';

/** As the file is named where the sources run as they are. No literal beside its use, which a bundler would follow. */
const SOURCE = './write-thread.ts';

/**
 * Starts the thread that writes to a database. Its file is found beside this one, by the very words by which bundlers know one
 * that they have to bring along.
 *
 * @throws what Node throws when no thread can be started, or nothing is known of where this file is
 */
export function startWorker(start: ThreadStart): Worker {
  const options = { workerData: start, name: '@holdfast/sqlite' };
  if (import.meta.url.endsWith('.ts')) return new Worker(new URL(SOURCE, import.meta.url), options);
  return new Worker(new URL('./write-thread.js', import.meta.url), options);
}
