import { isHoldfastError } from '@holdfast/core';
import { clock, pause } from '@holdfast/core/adapter';

/** How long whatever holds what a dead process held has to let it go, in milliseconds. */
const LET_GO_MS = 5000;
const TRY_EVERY_MS = 50;

/** Does what somebody who is dead may still be in the way of, until it is done. */
export async function untilNotBusy(work: () => Promise<unknown>): Promise<void> {
  const until = clock.now() + LET_GO_MS;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isHoldfastError(error, 'BUSY') || clock.now() > until) throw error;
      await pause(TRY_EVERY_MS, undefined);
    }
  }
}
