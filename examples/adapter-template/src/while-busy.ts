import { clock, pause, type OperationContext } from '@holdfast/core/adapter';
import { myStoreError } from './errors.ts';

/** How long to wait for other processes, in milliseconds. */
const BUSY_TIMEOUT_MS = 5000;
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 16;

/**
 * Runs statements, and again while another process holds the file: the event loop is free meanwhile, and the caller may
 * give up. The signal's reason then says that nothing was done, which is true, since `BUSY` is that too.
 *
 * @throws HoldfastError
 */
export async function whileBusy<T>(context: OperationContext | undefined, attempt: () => T): Promise<T> {
  const end = clock.now() + BUSY_TIMEOUT_MS;
  for (let longest = FIRST_PAUSE_MS; ; longest = Math.min(2 * longest, LONGEST_PAUSE_MS)) {
    try {
      return attempt();
    } catch (thrown) {
      const error = myStoreError(thrown);
      if (error.code !== 'BUSY' || clock.now() >= end) throw error;
    }
    await pause(longest * Math.random(), context?.signal);
    context?.signal.throwIfAborted();
  }
}
