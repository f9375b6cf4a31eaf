import type { Capabilities } from '../capabilities/capabilities.ts';
import { Performer } from '../operations/performer.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import type { CasResult } from './cas-result.ts';

/**
 * How many attempts an update has begun. Each but the last has lost a race or found the backend busy; so has the last
 * when the update ends with `RETRIES_EXHAUSTED`.
 */
export type CountAttempts = () => number;

/** A filesystem that is told of the updates made through it. Wrappers are, and tell what they wrap. */
export abstract class CasObserver<C extends Capabilities = Capabilities> extends Performer<C> {
  /** Runs an update; answers, or fails, as it does. */
  protected abstract _observeCas<R extends CasResult<unknown, unknown>>(
    path: VirtualPath,
    attempts: CountAttempts,
    run: () => Promise<R>,
  ): Promise<R>;

  /** Runs an update through a filesystem, under its eyes if it has any. */
  static observe<R extends CasResult<unknown, unknown>>(
    filesystem: object,
    path: VirtualPath,
    attempts: CountAttempts,
    run: () => Promise<R>,
  ): Promise<R> {
    return filesystem instanceof CasObserver ? filesystem._observeCas(path, attempts, run) : run();
  }
}
