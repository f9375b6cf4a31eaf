import { HoldfastError, isHoldfastError, type RootFilesystem, type Snapshot } from '@holdfast/core';
import { bounded } from './bounded.ts';

/** How long a store may take to show what is in it, in milliseconds; one that hangs is the business of the scenarios. */
const LOOK_MS = 5000;

/**
 * Looks whether a store that a harness has just made and opened is new and open, which nothing else would say: every
 * scenario would fail for a reason of its own. Whatever else is wrong with it, scenarios say better.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export async function checkIsNew(filesystem: RootFilesystem): Promise<void> {
  const found = await bounded(firstIn(filesystem), LOOK_MS, 'a look').catch((error: unknown) => {
    if (!isHoldfastError(error, 'CLOSED')) return undefined;
    throw refused('open of the store gave a filesystem that was closed before: it has to open a new one each time');
  });
  // What only an iteration gives is not there.
  if (found === undefined || (await filesystem.get(found.path).catch(() => undefined)) === undefined) return;
  throw refused(
    `createStore gave a store that is not new: ${found.path} is in it. It has to make an empty one each time`,
  );
}

async function firstIn(filesystem: RootFilesystem): Promise<Snapshot | undefined> {
  const iteration = filesystem.entries('/', { pageSize: 1 });
  const first = await iteration.next();
  await iteration.return?.();
  return first.done === true ? undefined : first.value;
}

function refused(message: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', message);
}
