import type { RecordCodec } from '../codecs/record-codec.ts';
import type { Entry, Snapshot } from '../entries/entry.ts';
import { sameEntry } from '../entries/same-entry.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import type { Patience } from '../filesystem/operation-context.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import type { UpdateCalls } from '../updates/update-calls.ts';
import type { Version } from '../versions/version.ts';
import { isCasApply, type CasApply } from './cas-apply.ts';
import type { CasContext } from './cas-result.ts';

/** What is the caller's of an update. */
export interface Decider<T> {
  readonly path: VirtualPath;
  readonly codec: RecordCodec<T>;
  readonly apply: (current: T | undefined, context: CasContext) => CasApply<T, unknown> | Promise<CasApply<T, unknown>>;
}

/** What an update has decided on a state. Nothing of the caller's has to run any more for it to be carried out. */
export type Decision<T = unknown> =
  | { readonly decision: 'write'; readonly entry: Entry; readonly outcome: unknown; readonly snapshot: T }
  | { readonly decision: 'delete'; readonly outcome: unknown }
  | { readonly decision: 'unchanged'; readonly outcome: unknown; readonly snapshot: T | undefined }
  | { readonly decision: 'failed'; readonly thrown: unknown };

/**
 * Has an update decide on a state: bytes as stored, kept apart from what the codec and `apply` may change in place.
 * What they throw is a decision too, and so is the end of the update's patience. Never rejects.
 */
export async function decide<T>(
  calls: UpdateCalls,
  { path, codec, apply }: Decider<T>,
  stored: Snapshot | undefined,
  attempt: number,
): Promise<Decision<T>> {
  try {
    const current = stored && (await calls.decode(codec, stored, 'not-applied'));
    const context = new AttemptContext({ path, attempt, version: stored?.version }, calls.patience);
    const made = await calls.bounded(() => apply(current, context), path);
    if (!isCasApply(made)) throw calls.located(invalidArgument('what apply returns', 'made by CasApply', made), path);
    const { outcome } = made;
    if (made.decision === 'noOp' || (made.decision === 'delete' && stored === undefined)) {
      // Decoded once more: `apply` may have changed `current` in place.
      const snapshot = stored && (await calls.decode(codec, stored, 'not-applied'));
      return { decision: 'unchanged', outcome, snapshot };
    }
    if (stored !== undefined) calls.versionOf(stored, path);
    if (made.decision === 'delete') return { decision: 'delete', outcome };
    const { next: snapshot } = made;
    const entry = await calls.encode(codec, snapshot, path);
    const isSame = made.decision === 'write' && stored !== undefined && sameEntry(entry, stored);
    return isSame ? { decision: 'unchanged', outcome, snapshot } : { decision: 'write', entry, outcome, snapshot };
  } catch (thrown) {
    return { decision: 'failed', thrown };
  }
}

/** What `apply` is told of an attempt. Its signal is made when it is asked for, which it seldom is. */
class AttemptContext implements CasContext {
  readonly path: VirtualPath;
  readonly attempt: number;
  readonly version: Version | undefined;
  readonly remainingMs: () => number;
  readonly #patience: Patience;

  constructor({ path, attempt, version }: Omit<CasContext, 'signal' | 'remainingMs'>, patience: Patience) {
    this.path = path;
    this.attempt = attempt;
    this.version = version;
    this.#patience = patience;
    // Its own, for those who take it out.
    this.remainingMs = () => patience.remainingMs();
    Object.freeze(this);
  }

  get signal(): AbortSignal {
    return this.#patience.signal;
  }
}
