import { isHoldfastError, type Capabilities, type RootFilesystem, type Snapshot } from '@holdfast/core';
import { BaseFilesystem } from '@holdfast/core/adapter';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { injectFaults } from '../faults/inject-faults.ts';
import type { ChildHarness, ContractStore, Harness } from '../harness.ts';
import { ContractViolation } from '../support/check.ts';
import { textOf } from '../support/bodies.ts';
import type { CurrentRun } from './current-run.ts';
import { parseOpened } from './parse-harness.ts';
import { MOST_STEPS } from '../support/most-steps.ts';
import { checkIsNew } from './check-is-new.ts';
import type { RunNumbers } from './effort.ts';

/** What a scenario works with: one fresh store and everything it opened on it. */
export class ScenarioContext {
  /** The first instance. */
  readonly filesystem: RootFilesystem;
  /** What the backend claims. */
  readonly claims: Capabilities;
  readonly effort: RunNumbers;
  /** Makes further stores, for scenarios that need many. */
  readonly harness: Harness;
  readonly #store: ContractStore;
  readonly #opened: RootFilesystem[];
  readonly #plans: FaultPlan[] = [];
  readonly #run: CurrentRun;

  private constructor(parts: {
    readonly harness: Harness;
    readonly store: ContractStore;
    readonly filesystem: RootFilesystem;
    readonly effort: RunNumbers;
    readonly run: CurrentRun;
  }) {
    const { harness, store, filesystem, effort, run } = parts;
    this.harness = harness;
    this.#store = store;
    this.filesystem = filesystem;
    this.claims = filesystem.capabilitiesAt('/contract');
    this.effort = effort;
    this.#run = run;
    this.#opened = [filesystem];
  }

  /**
   * Opens a store for the first time.
   *
   * @throws HoldfastError `INVALID_ARGUMENT` when it is not new, or what it gives was closed before
   */
  static async create(
    harness: Harness,
    store: ContractStore,
    effort: RunNumbers,
    run: CurrentRun,
  ): Promise<ScenarioContext> {
    const filesystem = await openFor(run, store);
    await checkIsNew(filesystem);
    return new ScenarioContext({ harness, store, filesystem, effort, run });
  }

  /** Fires when the scenario has taken too long: whatever it still does is to end. */
  get signal(): AbortSignal {
    return this.#run.signal;
  }

  /** Says what is to be told if the scenario runs out of time: how far it came, and that nothing is wrong so far. */
  tellWhenAbandoned(lastWords: () => Promise<string>): void {
    this.#run.tellWhenAbandoned(lastWords);
  }

  /** A further instance on the same store; where instances cannot share a store, the first one again. */
  async another(): Promise<RootFilesystem> {
    if (this.claims.sharing === 'instance') return this.filesystem;
    return this.#open();
  }

  /** As many instances as asked for, the first one among them; the others are opened at the same time. */
  async instances(count: number): Promise<RootFilesystem[]> {
    const others = Array.from({ length: count - 1 }, () => this.another());
    // Also where one fails all have to have opened, or else nobody would close those that come later.
    await Promise.allSettled(others);
    return [this.filesystem, ...(await Promise.all(others))];
  }

  /** Closes every instance and opens the store again. */
  async reopen(): Promise<RootFilesystem> {
    await this.closeAll();
    return this.#open();
  }

  async #open(): Promise<RootFilesystem> {
    const filesystem = await openFor(this.#run, this.#store);
    this.#opened.push(filesystem);
    return filesystem;
  }

  /** Puts faults under an instance. */
  faults(filesystem: RootFilesystem = this.filesystem): FaultPlan {
    const adapter = this.#store.adapterOf?.(filesystem) ?? filesystem;
    if (!isBase(adapter)) throw new ContractViolation(`faults cannot be injected: ${whyNotBase(adapter)}`);
    const plan = injectFaults(adapter);
    this.#plans.push(plan);
    return plan;
  }

  /** How child processes open the store. */
  get child(): ChildHarness {
    const { child } = this.#store;
    if (child !== undefined) return child;
    const { sharing, durability } = this.claims;
    throw new ContractViolation(
      `sharing: '${sharing}' and durability: '${durability}' are claimed, which takes another process to show, but the ` +
        'store has no `child`',
    );
  }

  /** The text at a path. */
  async text(path: string): Promise<string | undefined> {
    return textOf(await this.filesystem.get(path));
  }

  /** Everything there is, in an order and form that can be compared as JSON. */
  async everything(): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    for await (const entry of this.filesystem.entries('/')) {
      if (all.push(comparable(entry)) > MOST_STEPS) throw new ContractViolation('expected an iteration that ends');
    }
    return all;
  }

  /** Ends hanging faults and closes everything that was opened. */
  async closeAll(): Promise<void> {
    for (const plan of this.#plans) {
      plan.clear();
      plan.release();
    }
    // What a scenario has closed already may refuse to be closed again; `close.refuses` is about that.
    const close = (filesystem: RootFilesystem): Promise<void> =>
      filesystem.close().catch((error: unknown) => {
        if (!isHoldfastError(error, 'CLOSED')) throw error;
      });
    await Promise.all(this.#opened.map(close));
  }
}

/** Opens a store, and closes it at once when nobody waits for it any more. */
async function openFor({ signal }: CurrentRun, store: ContractStore): Promise<RootFilesystem> {
  signal.throwIfAborted();
  const filesystem = parseOpened(await store.open());
  if (!signal.aborted) return filesystem;
  await filesystem.close();
  throw signal.reason;
}

/** A snapshot in a form that can be compared as JSON. */
export function comparable(snapshot: Snapshot | undefined): unknown {
  return snapshot && { ...snapshot, body: Array.from(snapshot.body), version: snapshot.version };
}

function isBase(filesystem: unknown): filesystem is BaseFilesystem {
  return filesystem instanceof BaseFilesystem;
}

/** An adapter of another copy of core looks like one in everything but its class. */
function whyNotBase(filesystem: object): string {
  return '_get' in filesystem && '_put' in filesystem && '_scan' in filesystem
    ? 'the adapter extends the BaseFilesystem of another copy of @holdfast/core than the suite has. ' +
        'See `npm ls @holdfast/core`, and let both packages have one'
    : 'extend BaseFilesystem, or give the store an adapterOf';
}
