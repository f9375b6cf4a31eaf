/** One way in which a call to a backend fails. */
export interface Failure {
  /** What its driver throws. */
  readonly make: () => unknown;
  /** What else happens when it does, such as that the connection is gone. */
  readonly also?: () => void;
}

/** How a call may fail: when it has done nothing yet, and when it has done what it does and only its answer is lost. */
export interface Failures {
  readonly before: readonly Failure[];
  readonly after: readonly Failure[];
}

/** Which calls fail, and how. */
export interface FaultPlan {
  /** The first call that fails, counted from 1. */
  readonly nth: number;
  readonly when: 'before' | 'after';
  /** Which of the ways to fail at that moment. */
  readonly way: number;
  /** Another that fails: the k-th after the first, every one from then on, or none. */
  readonly again: number | 'always' | 'never';
}

/** A call that was made, and in how many ways it could have failed. */
export interface Site {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/**
 * What all calls to the backends of a test go through. Unless it is armed they go on to the driver as they are; armed, it
 * counts them and makes some fail.
 */
export class Calls {
  #plan: FaultPlan | undefined;
  readonly #made: Site[] = [];
  readonly #failed: string[] = [];

  /** The calls that were made since it was armed. */
  get made(): readonly Site[] {
    return this.#made;
  }

  /** Which calls have failed since it was armed. */
  get failed(): readonly string[] {
    return this.#failed;
  }

  /** Counts from now on, and makes calls fail where there is a plan. */
  arm(plan: FaultPlan | 'no faults'): void {
    this.#made.length = 0;
    this.#failed.length = 0;
    this.#plan = plan === 'no faults' ? { nth: Infinity, when: 'before', way: 0, again: 'never' } : plan;
  }

  /** Lets everything pass from now on. */
  disarm(): void {
    this.#plan = undefined;
  }

  /** Makes a synchronous call. */
  now<T>(name: string, real: () => T, failures: Failures): T {
    const due = this.#due(name, failures);
    if (due === undefined) return real();
    if (due.when === 'after') real();
    due.failure.also?.();
    throw due.failure.make();
  }

  /** Makes an asynchronous call. */
  async later<T>(name: string, real: () => Promise<T>, failures: Failures, undo?: (made: T) => unknown): Promise<T> {
    const due = this.#due(name, failures);
    if (due === undefined) return real();
    if (due.when === 'after') {
      const made = await real();
      await undo?.(made);
    }
    due.failure.also?.();
    throw due.failure.make();
  }

  #due(name: string, failures: Failures): { readonly when: 'before' | 'after'; readonly failure: Failure } | undefined {
    const plan = this.#plan;
    if (plan === undefined) return undefined;
    this.#made.push({ name, before: failures.before.length, after: failures.after.length });
    const behind = this.#made.length - plan.nth;
    if (behind < 0) return undefined;
    const isSecond = plan.again === 'always' ? behind > 0 : behind === plan.again;
    if (behind > 0 && !isSecond) return undefined;
    // The first fails in the way that is planned, or not at all; what follows fails as near to that as it can.
    const ways = failures[plan.when];
    const failure = behind === 0 ? ways[plan.way] : ways[plan.way % Math.max(1, ways.length)];
    const instead = behind > 0 && failure === undefined ? failures.before[0] : failure;
    if (instead === undefined) return undefined;
    this.#failed.push(`${plan.when} ${name}`);
    return { when: failure === undefined ? 'before' : plan.when, failure: instead };
  }
}
