import { HoldfastError } from '@holdfast/core';
import { clock, IN_FLIGHT_GRACE_MS, type OperationContext } from '@holdfast/core/adapter';
import type { GroupResult, WriteGroup } from '../group.ts';
import type { Batch, WriteContext } from './batch.ts';
import type { WaitingGroup } from './waiting-group.ts';

/** Who has to hear what becomes of a batch. */
export interface BatchListener {
  /** One is over, and what it changed if it has landed; or nobody is to wait behind it any more. Once for each. */
  done(member: WaitingGroup, changed?: readonly number[]): void;
  /** The next batch need not wait for this one. */
  madeWay(): void;
}

/** Groups that were taken to be written together, and the patience of those who want them. */
export class GroupBatch implements WriteContext, Batch {
  readonly groups: readonly WriteGroup[];
  readonly #members: readonly WaitingGroup[];
  readonly #listener: BatchListener;
  /** Those that go on by themselves. */
  readonly #alone = new Set<WaitingGroup>();
  #controller: AbortController | undefined;
  #waits = false;
  #hasMadeWay = false;

  constructor(members: readonly WaitingGroup[], listener: BatchListener) {
    this.groups = members.map(({ group }) => group);
    this.#members = members;
    this.#listener = listener;
    for (const member of members) member.sends();
  }

  get batch(): Batch {
    return this;
  }

  get signal(): AbortSignal {
    const [only, ...others] = this.#members;
    if (only !== undefined && others.length === 0) return only.context.signal;
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      this.#listen();
    }
    return this.#controller.signal;
  }

  remainingMs(): number {
    return Math.max(0, ...this.#wanted().map(({ context }) => context.remainingMs()));
  }

  begin(): readonly number[] {
    this.#waits = false;
    const places: number[] = [];
    for (const [place, member] of this.#members.entries()) {
      if (this.#alone.has(member)) continue;
      if (member.isGivenUp) this.#leave(member);
      if (member.isAnswered) continue;
      member.sends();
      places.push(place);
    }
    return places;
  }

  wait(): void {
    this.#waits = true;
    this.#listen();
  }

  waitedSince(place: number): number {
    return this.#memberAt(place).since;
  }

  alone(place: number): OperationContext {
    const member = this.#memberAt(place);
    this.#alone.add(member);
    // It is under way from now on, whatever the batch waits for.
    member.heedNobody();
    return member.context;
  }

  makeWay(): void {
    if (this.#hasMadeWay) return;
    for (const member of this.#members) if (!member.isAnswered) this.#done(member);
    this.#hasMadeWay = true;
    this.#listener.madeWay();
  }

  answer(place: number, result: GroupResult): void {
    this.#answer(this.#memberAt(place), result);
  }

  /** Answers those that are not answered yet and do not go on by themselves. */
  settle(results: readonly GroupResult[]): void {
    for (const [place, member] of this.#members.entries()) {
      if (this.#alone.has(member)) continue;
      const result = results[place];
      if (result !== undefined) this.#answer(member, result);
      else this.#fail(member, new TypeError('the driver answered no result for a group'));
    }
  }

  /** Answers those that `settle` would, with an error of their own each. */
  fail(failure: unknown): void {
    for (const member of this.#members) if (!this.#alone.has(member)) this.#fail(member, failure);
  }

  #answer(member: WaitingGroup, result: GroupResult): void {
    if (member.isAnswered) return;
    member.answer(result);
    this.#done(member, 'changed' in result ? result.changed : undefined);
  }

  #fail(member: WaitingGroup, failure: unknown): void {
    if (member.isAnswered) return;
    member.fail(failure);
    this.#done(member);
  }

  #leave(member: WaitingGroup): void {
    // To look whether somebody has given up may be what tells those who listen.
    if (member.isAnswered) return;
    member.leave();
    this.#done(member);
  }

  #listen(): void {
    for (const member of this.#wanted()) member.onGivenUp(() => this.#gaveUp(member));
  }

  #gaveUp(member: WaitingGroup): void {
    if (this.#waits) this.#leave(member);
    if (this.#wanted().every(({ isGivenUp }) => isGivenUp)) this.#controller?.abort(member.context.signal.reason);
    // Others may wait for the answer for ever, and whoever comes behind it would with them.
    if (!member.isAnswered) clock.setTimeout(() => this.#abandon(member), IN_FLIGHT_GRACE_MS, { holdsProcess: false });
  }

  /** Answers one for whose answer nobody waits any more. It is not known what becomes of it. */
  #abandon(member: WaitingGroup): void {
    if (member.isAnswered || this.#alone.has(member)) return;
    member.abandon();
    this.#done(member);
  }

  #done(member: WaitingGroup, changed?: readonly number[]): void {
    if (!this.#hasMadeWay) this.#listener.done(member, changed);
  }

  /** Those whose answer somebody waits for, and that have not gone on by themselves. */
  #wanted(): readonly WaitingGroup[] {
    return this.#members.filter((member) => !member.isAnswered && !this.#alone.has(member));
  }

  #memberAt(place: number): WaitingGroup {
    const member = this.#members[place];
    if (member === undefined) throw new HoldfastError('INVALID_ARGUMENT', 'there is no such group in the batch');
    return member;
  }
}
