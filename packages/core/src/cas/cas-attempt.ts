import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import { deleteWithin } from '../operations/delete/delete.ts';
import { gatePut } from '../operations/put/gate-put.ts';
import { putWithin } from '../operations/put/put.ts';
import { Conflict } from '../updates/conflict.ts';
import type { UpdateCalls } from '../updates/update-calls.ts';
import type { Version } from '../versions/version.ts';
import type { CasHint } from './cas-hint.ts';
import type { CasResult } from './cas-result.ts';
import { decide, type Decider, type Decision } from './decide.ts';
import type { Round } from '../rounds/round.ts';
import type { Rounds } from '../rounds/rounds.ts';
import { Seat, type Told } from '../rounds/seat.ts';

/** One `casUpdate`, for all of its attempts. */
export interface CasCall<T> extends Decider<T> {
  readonly claims: Capabilities;
  /** The rounds to take part in; `undefined` for one that does not. */
  readonly rounds: Rounds | undefined;
  /** What the first attempt begins with in place of a read. */
  readonly hint: CasHint<T> | undefined;
}

/** What somebody who takes part in a round has decided, and on what. */
interface Made<T> {
  readonly decision: Exclude<Decision<T>, { decision: 'delete' }>;
  readonly state: Snapshot | undefined;
}

/** One pass of `casUpdate`: read, decide, write. With others of the same path at the same time, in one round with them. */
export class CasAttempt<T> {
  readonly #calls: UpdateCalls;
  readonly #call: CasCall<T>;
  readonly #number: number;

  constructor(calls: UpdateCalls, call: CasCall<T>, number: number) {
    this.#calls = calls;
    this.#call = call;
    this.#number = number;
  }

  run(): Promise<CasResult<T, unknown>> {
    const { rounds, path, hint } = this.#call;
    const place = rounds?.enter(path, this.#calls.patience);
    return place instanceof Seat ? this.#takePart(place) : this.#lead(place, this.#number === 1 ? hint : undefined);
  }

  /** Reads, and decides: alone, or before those who have come meanwhile. */
  async #lead(round: Round | undefined, hint?: CasHint<T>): Promise<CasResult<T, unknown>> {
    const { patience } = this.#calls;
    try {
      const isLive = hint === undefined;
      const stored = isLive ? await this.#calls.read(this.#call.path, 'not-applied') : await this.#hinted(hint);
      const seat = round?.opened(stored, patience, isLive);
      if (seat !== undefined) return await this.#takePart(seat);
      const decision = await this.#decide(stored);
      if (decision.decision === 'write' || decision.decision === 'delete') round?.writes();
      return await this.#carryOut(decision, stored, isLive);
    } finally {
      round?.leave(patience);
    }
  }

  /** Does what it is told, until it has a result. */
  async #takePart(seat: Seat): Promise<CasResult<T, unknown>> {
    let made: Made<T> | undefined;
    try {
      for (;;) {
        const told = await this.#hear(seat, made);
        if (told.what === 'lead') return await this.#lead(told.round);
        if (told.what === 'alone') return await this.#lead(undefined);
        if (told.what === 'failed') return await this.#failed(made as Made<T>, told.thrown);
        if (told.what === 'landed') return this.#landed(made as Made<T>, told, seat);
        const { state, isBase } = told;
        const decision = await this.#decide(state);
        if (!seat.round.decided(seat, this.#isWritable(decision) ? decision : undefined)) {
          return await (isBase ? this.#carryOut(decision, state, seat.isLive) : this.#lead(undefined));
        }
        // One that deletes is told to go on in another way.
        made = { decision, state } as Made<T>;
      }
    } finally {
      seat.leave();
    }
  }

  /** What it is told next. Once its decision may be written, the deadline leaves it the time that a write has. */
  #hear(seat: Seat, made: Made<T> | undefined): Told | Promise<Told> {
    const { path } = this.#call;
    const told = seat.told();
    return made?.decision.decision === 'write'
      ? this.#calls.untilWritten(told, putWithin(this.#calls.patience, path, made.decision.entry, 'absent'))
      : this.#calls.bounded(() => told, path);
  }

  #landed(
    { decision, state }: Made<T>,
    { last, answer }: Extract<Told, { what: 'landed' }>,
    seat: Seat,
  ): CasResult<T, unknown> {
    const stored = this.#calls.versionOf(answer, this.#call.path, 'unknown');
    const own = seat.left ?? state;
    return this.#result(decision, own === last ? stored : own?.version);
  }

  /** Nothing of it has landed, or it is for its caller to know that this is unknown. */
  async #failed({ decision }: Made<T>, thrown: unknown): Promise<CasResult<T, unknown>> {
    const error = this.#calls.failureOfOthers(thrown, this.#call.path);
    if (Conflict.is(error)) throw error;
    const isNotApplied = isHoldfastError(error) && error.outcome === 'not-applied';
    if (decision.decision === 'write' && !isNotApplied) throw error;
    return await this.#lead(undefined);
  }

  #decide(stored: Snapshot | undefined): Promise<Decision<T>> {
    return decide(this.#calls, this.#call, stored, this.#number);
  }

  /** Whether it can be written together with others: what would be refused by itself would be refused for all. */
  #isWritable(decision: Decision<T>): boolean {
    if (decision.decision !== 'write') return true;
    const { path, claims } = this.#call;
    try {
      gatePut(claims, { name: 'casUpdate', path, changes: true }, decision.entry, 'absent');
      return true;
    } catch {
      return false;
    }
  }

  #carryOut(
    decision: Decision<T>,
    stored: Snapshot | undefined,
    isLive: boolean,
  ): CasResult<T, unknown> | Promise<CasResult<T, unknown>> {
    switch (decision.decision) {
      case 'write':
        return this.#write(decision, stored);
      case 'delete':
        return this.#delete(decision.outcome, stored);
      case 'unchanged':
      case 'failed':
        return isLive ? this.#result(decision, stored?.version) : this.#lead(undefined);
    }
  }

  async #write(
    decision: Extract<Decision<T>, { decision: 'write' }>,
    stored: Snapshot | undefined,
  ): Promise<CasResult<T, unknown>> {
    const { path } = this.#call;
    const expectation = stored === undefined ? 'absent' : { version: this.#calls.versionOf(stored, path) };
    const answer = await this.#calls.ask(putWithin(this.#calls.patience, path, decision.entry, expectation));
    return this.#result(decision, this.#calls.versionOf(answer, path, 'unknown'));
  }

  async #delete(outcome: unknown, stored: Snapshot | undefined): Promise<CasResult<T, unknown>> {
    const { path, codec } = this.#call;
    await this.#calls.ask(deleteWithin(this.#calls.patience, path, { version: this.#calls.versionOf(stored, path) }));
    try {
      // When this fails the delete has landed, but who else came is not known: not a result to promise anything on.
      const found = await this.#calls.read(path, 'unknown');
      const snapshot = found && (await this.#calls.decode(codec, found, 'unknown'));
      return { outcome, snapshot, version: found?.version, written: true, attempts: this.#number };
    } catch (error) {
      // Starting over would let `apply` decide a second time on what its first decision has changed.
      throw Conflict.is(error) ? this.#calls.located(error.cause, path, 'unknown') : error;
    }
  }

  async #hinted({ snapshot, version }: CasHint<T>): Promise<Snapshot | undefined> {
    if (version === undefined) return undefined;
    const { path, codec } = this.#call;
    return { ...(await this.#calls.encode(codec, snapshot as T, path)), path, version };
  }

  #result(decision: Exclude<Decision<T>, { decision: 'delete' }>, version: Version | undefined): CasResult<T, unknown> {
    if (decision.decision === 'failed') throw decision.thrown;
    const { outcome, snapshot } = decision;
    return { outcome, snapshot, version, written: decision.decision === 'write', attempts: this.#number };
  }
}
