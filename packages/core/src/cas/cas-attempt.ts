import type { RecordCodec } from '../codecs/record-codec.ts';
import type { Snapshot } from '../entries/entry.ts';
import { sameEntry } from '../entries/same-entry.ts';
import type { Outcome } from '../errors/error-codes.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import type { Patience } from '../filesystem/operation-context.ts';
import { deleteWithin } from '../operations/delete/delete.ts';
import { putWithin } from '../operations/put/put.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import { Conflict } from '../updates/conflict.ts';
import type { AttemptResult } from '../updates/run-update.ts';
import type { UpdateCalls } from '../updates/update-calls.ts';
import type { Version } from '../versions/version.ts';
import { isCasApply, type CasApply } from './cas-apply.ts';
import type { CasContext, CasResult } from './cas-result.ts';

/** What was read: the bytes as stored, kept apart from what the codec and `apply` may change in place. */
interface Current<T> {
  readonly stored: Snapshot | undefined;
  readonly value: T | undefined;
  readonly version: Version | undefined;
}

/** One pass of `casUpdate`: read, decide, write. */
export class CasAttempt<T> {
  readonly #calls: UpdateCalls;
  readonly #path: VirtualPath;
  readonly #codec: RecordCodec<T>;
  readonly #number: number;

  constructor(calls: UpdateCalls, path: VirtualPath, codec: RecordCodec<T>, number: number) {
    this.#calls = calls;
    this.#path = path;
    this.#codec = codec;
    this.#number = number;
  }

  async run(
    apply: (current: T | undefined, context: CasContext) => CasApply<T, unknown> | Promise<CasApply<T, unknown>>,
  ): Promise<AttemptResult<CasResult<T, unknown>>> {
    try {
      const current = await this.#read('not-applied');
      const decision = await this.#calls.bounded(() => apply(current.value, this.#context(current)), this.#path);
      if (!isCasApply(decision)) {
        throw this.#calls.located(invalidArgument('what apply returns', 'made by CasApply', decision), this.#path);
      }
      return { done: true, value: await this.#carryOut(decision, current) };
    } catch (error) {
      if (Conflict.is(error)) return { done: false, conflict: error.cause };
      throw error;
    }
  }

  #context({ version }: Current<T>): CasContext {
    return new AttemptContext({ path: this.#path, attempt: this.#number, version }, this.#calls.patience);
  }

  /** Reads and decodes. `outcome` is what an interruption here means for the whole update. */
  async #read(outcome: Outcome): Promise<Current<T>> {
    const stored = await this.#calls.read(this.#path, outcome);
    if (stored === undefined) return { stored, value: undefined, version: undefined };
    return { stored, value: await this.#calls.decode(this.#codec, stored, outcome), version: stored.version };
  }

  #carryOut(decision: CasApply<T, unknown>, current: Current<T>): Promise<CasResult<T, unknown>> {
    switch (decision.decision) {
      case 'noOp':
        return this.#unchanged(decision.outcome, current);
      case 'delete':
        return current.stored === undefined
          ? this.#unchanged(decision.outcome, current)
          : this.#delete(decision.outcome, current);
      case 'write':
      case 'forceWrite':
        return this.#write(decision, current);
    }
  }

  /** Decodes what is stored once more: `apply` may have changed `current` in place and then decided on a no-op. */
  async #unchanged(outcome: unknown, { stored, version }: Current<T>): Promise<CasResult<T, unknown>> {
    const snapshot = stored && (await this.#calls.decode(this.#codec, stored, 'not-applied'));
    return this.#result({ outcome, snapshot, version, written: false });
  }

  async #write(
    decision: Extract<CasApply<T, unknown>, { readonly next: T }>,
    current: Current<T>,
  ): Promise<CasResult<T, unknown>> {
    const { next, outcome } = decision;
    const entry = await this.#calls.encode(this.#codec, next, this.#path);
    const { stored } = current;
    if (decision.decision === 'write' && stored !== undefined && sameEntry(entry, stored)) {
      return this.#result({ outcome, snapshot: next, version: this.#versionOf(stored), written: false });
    }
    const expectation = stored === undefined ? 'absent' : { version: this.#versionOf(stored) };
    const answer = await this.#calls.ask(putWithin(this.#calls.patience, this.#path, entry, expectation));
    return this.#result({ outcome, snapshot: next, version: this.#versionOf(answer, 'unknown'), written: true });
  }

  async #delete(outcome: unknown, current: Current<T>): Promise<CasResult<T, unknown>> {
    const expectation = { version: this.#versionOf(current.stored) };
    await this.#calls.ask(deleteWithin(this.#calls.patience, this.#path, expectation));
    // When this fails the delete has landed, but who else came is not known: not a result to promise anything on.
    const { value: snapshot, version } = await this.#read('unknown').catch((error: unknown) => {
      // Starting over would let `apply` decide a second time on what its first decision has changed.
      throw Conflict.is(error) ? this.#calls.located(error.cause, this.#path, 'unknown') : error;
    });
    return this.#result({ outcome, snapshot, version, written: true });
  }

  #versionOf(answer: Pick<Snapshot, 'version'> | undefined, outcome?: Outcome): Version {
    return this.#calls.versionOf(answer, this.#path, outcome);
  }

  #result(parts: Omit<CasResult<T, unknown>, 'attempts'>): CasResult<T, unknown> {
    return { ...parts, attempts: this.#number };
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
