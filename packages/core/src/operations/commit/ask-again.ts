import { isHoldfastError } from '../../errors/holdfast-error.ts';
import { outcomeOf } from '../../filesystem/adapter-error.ts';
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS, RESOLVE_LOST_REPLY_MS } from '../../filesystem/lost-reply.ts';
import type { OperationContext } from '../../filesystem/operation-context.ts';
import { clock } from '../../timing/clock.ts';
import { pause } from '../../timing/pause.ts';

/**
 * Asks something that changes nothing, and asks it again when the reply is lost, for as long as lost replies are looked
 * into: there is nothing to find out about.
 */
export async function askAgain<T>(ask: () => Promise<T>, context: OperationContext): Promise<T> {
  const until = clock.now() + RESOLVE_LOST_REPLY_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await ask();
    } catch (thrown) {
      const isLost = !isHoldfastError(thrown) || outcomeOf(thrown) === 'unknown';
      if (!isLost || clock.now() + pauseMs >= until || context.remainingMs() <= pauseMs) throw thrown;
    }
    await pause(pauseMs, context.signal);
    context.signal.throwIfAborted();
  }
}
