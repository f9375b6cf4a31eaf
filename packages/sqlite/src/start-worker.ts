import { Worker as Thread } from 'node:worker_threads';
import type { ThreadStart } from './thread/thread-messages.ts';

/** What is beside this file: the source where sources run as they are. */
const BESIDE = { source: './write-thread.ts', built: './write-thread.js' };

/**
 * Starts the thread that writes to a database. Its file is found beside this one, and named in the words by which bundlers for Node
 * know it. Vite, which would take it for a worker of a browser wherever a test has a window, is told to leave it alone, and by
 * another name of the class. Vitest finds it then at the address of that window, where no thread can be started.
 *
 * @throws what Node throws when no thread can be started, or nothing is known of where this file is
 */
export function startWorker(start: ThreadStart): Thread {
  const options = { workerData: start, name: '@holdfast/sqlite' };
  if (import.meta.url.endsWith('.ts')) return new Thread(new URL(BESIDE.source, import.meta.url), options);
  try {
    return new Thread(new URL(/* @vite-ignore */ './write-thread.js', import.meta.url), options);
  } catch {
    return new Thread(new URL(BESIDE.built, import.meta.url), options);
  }
}
