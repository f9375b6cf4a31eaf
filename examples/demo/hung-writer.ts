import { casUpdate, type CasApply, type RootFilesystem } from '@holdfast/core';
import { budgetCodec, type Budget } from './records.ts';
import { BUDGET } from './turns.ts';

/** A writer of the shared budget that has read it and will never decide. */
export interface HungWriter {
  /** Whether it is still in the middle of its update. */
  isHanging(): boolean;
  /** Gives up on it. */
  release(): Promise<void>;
}

/** Starts the writer and waits until it hangs. */
export async function startHungWriter(filesystem: RootFilesystem): Promise<HungWriter> {
  const abort = new AbortController();
  const hanging = Promise.withResolvers<void>();
  let ended = false;
  const update = casUpdate(
    filesystem,
    BUDGET,
    budgetCodec,
    () => {
      hanging.resolve();
      return new Promise<CasApply<Budget, undefined>>(() => {});
    },
    { signal: abort.signal, timeoutMs: 600_000 },
  );
  const end = update.then(
    () => void (ended = true),
    () => void (ended = true),
  );
  // A refused update ends before it hangs.
  await Promise.race([hanging.promise, end]);
  return {
    isHanging: () => !ended,
    async release() {
      abort.abort();
      await end;
    },
  };
}
