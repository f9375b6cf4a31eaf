import type { Capabilities } from '../capabilities/capabilities.ts';
import type { OperationName } from '../errors/holdfast-error.ts';
import { Performer } from '../operations/performer.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';

/** What is made of reads and a write, and starts over when somebody else was faster. */
export interface Update {
  readonly name: Extract<OperationName, 'casUpdate' | 'transact'>;
  /** `undefined` for a transaction, whose paths nobody knows before its function has run. */
  readonly path: VirtualPath | undefined;
  /**
   * How many attempts it has begun. Each but the last has lost a race or found the backend busy; so has the last when it
   * ends with `RETRIES_EXHAUSTED`.
   */
  attempts(): number;
}

/** What an update answers, as far as those look who observe it. */
export interface UpdateResult {
  /** Whether it changed the store. */
  readonly written: boolean;
}

/** A filesystem that is told of the updates made through it. Wrappers are, and tell what they wrap. */
export abstract class UpdateObserver<C extends Capabilities = Capabilities> extends Performer<C> {
  /** Runs an update; answers, or fails, as it does. */
  protected abstract _observeUpdate<R extends UpdateResult>(update: Update, run: () => Promise<R>): Promise<R>;

  /** Runs an update through a filesystem, under its eyes if it has any. */
  static observe<R extends UpdateResult>(filesystem: object, update: Update, run: () => Promise<R>): Promise<R> {
    return filesystem instanceof UpdateObserver ? filesystem._observeUpdate(update, run) : run();
  }
}
