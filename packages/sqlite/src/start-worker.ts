import { Worker as Thread } from 'node:worker_threads';
import type { ThreadStart } from './thread/thread-messages.ts';

/** What is beside this file: the source where sources run as they are. */
const BESIDE = { source: './write-thread.ts', built: './write-thread.js' };

/**
 * Starts the thread that writes to a database. Its file is beside this one, which is said in words by which tools that
 * trace files know that it is needed. Bundlers are told to leave it alone: webpack would copy the file without what it
 * imports, and Vite take it for a worker of a browser wherever a test has a window, which is why the class has another
 * name, too. Vitest then looks for it at the address of that window, where no thread can be started.
 *
 * @throws what Node throws when no thread can be started, or nothing is known of where this file is
 */
export function startWorker(start: ThreadStart): Thread {
  const options = { workerData: start, name: '@holdfast/sqlite' };
  if (import.meta.url.endsWith('.ts'))
    return new Thread(new URL(/* webpackIgnore: true */ BESIDE.source, import.meta.url), options);
  try {
    return new Thread(
      new URL(/* @vite-ignore */ /* webpackIgnore: true */ './write-thread.js', import.meta.url),
      options,
    );
  } catch {
    return new Thread(new URL(/* webpackIgnore: true */ BESIDE.built, import.meta.url), options);
  }
}
