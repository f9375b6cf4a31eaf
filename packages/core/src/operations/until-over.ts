import type { HoldfastError } from '../errors/holdfast-error.ts';
import { causeOf } from '../errors/restated.ts';
import { IN_FLIGHT_GRACE_MS } from '../filesystem/mutation.ts';
import { pause } from '../timing/pause.ts';
import { errorOf } from './named.ts';
import type { Operation } from './operation.ts';

/** Beyond the filesystem's own grace, for one that has none. Only a filesystem that hangs costs this much. */
export const WRITE_GRACE_MS: number = 2 * IN_FLIGHT_GRACE_MS;

/**
 * What a filesystem answers to an operation; one that does not keep to the deadline is left behind. Then nobody knows what
 * became of a write.
 *
 * @throws HoldfastError `TIMEOUT`, `ABORTED`; or what the filesystem fails with
 */
export async function untilOver<R>(work: Promise<R>, operation: Operation<R>): Promise<R> {
  const { patience } = operation.call;
  try {
    return await patience.race(work);
  } catch (thrown) {
    const over = patience.exhausted();
    if (over === undefined || thrown !== over) throw thrown;
    if (!operation.changes) throw operation.overdue(over);
    return await settled(work, operation, over);
  }
}

/** Once a write is sent, only the filesystem can tell its outcome, so it gets a little longer. */
async function settled<R>(work: Promise<R>, operation: Operation<R>, over: HoldfastError): Promise<R> {
  const answered = new AbortController();
  const end = (): void => answered.abort();
  work.then(end, end);
  await pause(WRITE_GRACE_MS, answered.signal);
  if (answered.signal.aborted) return await work;
  const message = 'the filesystem did not answer a write in time';
  throw errorOf(operation, over.code, message, { outcome: 'unknown', ...causeOf(over) });
}
