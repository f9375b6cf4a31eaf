import type { CasLimits } from '../cas/cas-options.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { Patience } from '../filesystem/operation-context.ts';
import { eventLoopShare } from '../timing/event-loop-share.ts';
import { pause } from '../timing/pause.ts';
import { backoffMs } from './backoff.ts';
import { Conflict } from './conflict.ts';
import { UpdateObserver, type Update, type UpdateResult } from './update-observer.ts';

/** Makes the attempts of one update. Each ends with a result for the caller, or fails: with a {@link Conflict}, to back off from. */
export type Attempts<R> = (patience: Patience) => (number: number) => Promise<R>;

/**
 * Runs an update: one attempt after the other, with pauses in between, until one has a result, all within one deadline and
 * under the eyes of the filesystem.
 *
 * @throws HoldfastError `RETRIES_EXHAUSTED`, or what an attempt throws
 */
export async function runUpdate<R extends UpdateResult>(
  filesystem: object,
  { name, path }: Pick<Update, 'name' | 'path'>,
  limits: CasLimits,
  begin: Attempts<R>,
): Promise<R> {
  let attempts = 0;
  const run = async (): Promise<R> => {
    const patience = new Patience({ name, path, changes: true }, limits);
    try {
      const attempt = begin(patience);
      for (attempts = 1; ; attempts += 1) {
        let conflict: HoldfastError;
        try {
          return await attempt(attempts);
        } catch (error) {
          if (!Conflict.is(error)) throw error;
          conflict = error.cause;
        }
        if (attempts >= limits.maxAttempts) throw exhausted({ name, path: path ?? conflict.path }, attempts, conflict);
        await pause(backoffMs(attempts, limits), patience.signal);
      }
    } finally {
      patience[Symbol.dispose]();
    }
  };
  try {
    return await UpdateObserver.observe(filesystem, { name, path, attempts: () => attempts }, run);
  } finally {
    // For filesystems that are no adapters of ours.
    const turn = eventLoopShare.due({ reads: false });
    if (turn !== undefined) await turn;
  }
}

function exhausted(
  { name: operation, path }: { readonly name: Update['name']; readonly path: string | undefined },
  attempts: number,
  cause: HoldfastError,
): HoldfastError {
  const message = `no attempt of ${attempts} won the race`;
  return new HoldfastError('RETRIES_EXHAUSTED', message, { operation, path, cause });
}
