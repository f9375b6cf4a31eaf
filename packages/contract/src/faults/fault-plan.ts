import type { CommitRequest, DeleteRequest, ParsedExpectation, PutRequest } from '@holdfast/core/adapter';
import { Gate } from '../support/barrier.ts';

/** The backend operations that faults can be put on. */
export type FaultOperation = 'get' | 'getMany' | 'put' | 'delete' | 'commit' | 'list' | 'scan';

/** One backend call as a fault rule sees it. */
export interface BackendCall {
  readonly operation: FaultOperation;
  /** The path; for `list` and `scan` the directory or the lower bound, and for `getMany` and `commit` the first. */
  readonly path: string;
  /** Of a `put` or `delete`. */
  readonly expectation: ParsedExpectation | undefined;
  /** What the adapter is handed, of a `put`, `delete` or `commit`. */
  readonly request?: PutRequest | DeleteRequest | CommitRequest;
}

/** What goes wrong, and with which calls. */
export interface FaultRule {
  readonly on: FaultOperation;
  /** Only calls on this path. */
  readonly path?: string;
  /** Only calls with this expectation; `'version'` stands for any `{ version }`. */
  readonly expectation?: 'absent' | 'any' | 'version';
  /** Which of the matching calls, counted from 1 since the rule was added; by default all of them. */
  readonly nth?: number;
  /** Before the call takes effect, or after it did and before its answer is passed on. */
  readonly when: 'before' | 'after';
  /**
   * Throw to make the call fail, wait to delay it, wait for {@link FaultPlan.hang} to hang it, or do anything
   * else meanwhile, such as another write. After a call it is given what the adapter answered.
   */
  readonly effect: (call: BackendCall, answer?: unknown) => void | Promise<void>;
}

/** A set of fault rules, and the record of what was called. */
export class FaultPlan {
  readonly #rules: { readonly rule: FaultRule; seen: number }[] = [];
  readonly #released = new Gate();
  readonly #calls: BackendCall[] = [];

  /** Every call so far, in the order in which they started. */
  get calls(): readonly BackendCall[] {
    return this.#calls;
  }

  /** Adds a rule. Rules apply in the order in which they were added. */
  add(rule: FaultRule): this {
    this.#rules.push({ rule, seen: 0 });
    return this;
  }

  /** Takes all rules away. Calls that hang go on hanging. */
  clear(): void {
    this.#rules.length = 0;
  }

  /** An effect that never ends by itself. */
  readonly hang = (): Promise<void> => this.#released.passed;

  /** Ends every {@link hang}, now and from now on. */
  release(): void {
    this.#released.open();
  }

  /** Runs a backend call under the rules. */
  async around<T>(call: BackendCall, start: () => Promise<T>): Promise<T> {
    this.#calls.push(call);
    const due = this.#rules.filter((entry) => matches(entry.rule, call) && isDue(entry));
    for (const { rule } of due) if (rule.when === 'before') await rule.effect(call);
    const answer = await start();
    for (const { rule } of due) if (rule.when === 'after') await rule.effect(call, answer);
    return answer;
  }
}

function matches(rule: FaultRule, call: BackendCall): boolean {
  if (rule.on !== call.operation) return false;
  if (rule.path !== undefined && rule.path !== call.path) return false;
  if (rule.expectation === undefined) return true;
  return rule.expectation === (typeof call.expectation === 'object' ? 'version' : call.expectation);
}

function isDue(entry: { readonly rule: FaultRule; seen: number }): boolean {
  entry.seen += 1;
  return entry.rule.nth === undefined || entry.rule.nth === entry.seen;
}
