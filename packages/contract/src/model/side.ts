import type { Change, CommitResult, OperationOptions, RootFilesystem, Snapshot } from '@holdfast/core';
import type { ContractStore } from '../harness.ts';
import { ChildFilesystem } from '../processes/child-filesystem.ts';
import { ContractViolation } from '../support/check.ts';
import { commitOn } from '../support/commits.ts';
import type { ComparedBackend } from './compared-backend.ts';
import { Model } from './model.ts';
import { describeEntry, scribbleOver } from './values/entries.ts';
import { isMangled, mangle, NOBODYS_VERSION, type DeleteExpected, type PutExpected } from './values/expectations.ts';

const FIRST = 0;
const CHILD = -1;

/** One backend in one run: a store of its own, the model of what it has to do, and the versions it gave. */
export class Side {
  readonly id: string;
  readonly model: Model;
  readonly #store: ContractStore;
  /** The instances, by the number under which operations ask for one. */
  readonly #instances = new Map<number, RootFilesystem>();
  /** What keeps a store that does not outlive its last instance while others are closed and opened. */
  readonly #keeper: RootFilesystem | undefined;
  #current = FIRST;
  readonly #names = new Map<string, string>();
  readonly #tokens = new Map<string, string>();

  private constructor(
    id: string,
    store: ContractStore,
    filesystem: RootFilesystem,
    keeper: RootFilesystem | undefined,
  ) {
    this.id = id;
    this.#store = store;
    this.#instances.set(FIRST, filesystem);
    this.#keeper = keeper;
    const capabilities = filesystem.capabilitiesAt('/');
    this.model = new Model(capabilities, keeper !== undefined || capabilities.durability !== 'none');
  }

  /** Makes a new, empty store and opens it. */
  static async open({ id, harness }: ComparedBackend): Promise<Side> {
    const store = await harness.createStore();
    try {
      const filesystem = await store.open();
      const { durability, sharing } = filesystem.capabilitiesAt('/');
      const isKept = durability === 'none' && sharing !== 'instance';
      return new Side(id, store, filesystem, isKept ? await store.open() : undefined);
    } catch (error) {
      await store.destroy();
      throw error;
    }
  }

  /** The instance that the operation under way is done on. */
  get filesystem(): RootFilesystem {
    return this.#instances.get(this.#current) as RootFilesystem;
  }

  /** Makes a commit on that instance. */
  commit(changes: readonly Change[], options: OperationOptions): Promise<CommitResult> {
    return commitOn(this.filesystem, changes, options);
  }

  /** Does something on an instance, which is opened when it is first asked for, where a store may have several. */
  async onInstance<T>(instance: number, work: () => Promise<T>): Promise<T> {
    if (this.model.capabilities.sharing === 'instance') return work();
    if (!this.#instances.has(instance)) this.#instances.set(instance, await this.#store.open());
    return this.#onOpened(instance, work);
  }

  /** Does something in a child process, which is started when it is first needed. */
  async inChild<T>(work: () => Promise<T>): Promise<T> {
    const { child } = this.#store;
    if (child === undefined) throw new ContractViolation('expected a store with a `child`');
    if (!this.#instances.has(CHILD)) this.#instances.set(CHILD, await ChildFilesystem.open(child));
    return this.#onOpened(CHILD, work);
  }

  async #onOpened<T>(instance: number, work: () => Promise<T>): Promise<T> {
    const before = this.#current;
    this.#current = instance;
    try {
      return await work();
    } finally {
      this.#current = before;
    }
  }

  /** The numbers of the further instances that are open. */
  furtherInstances(): number[] {
    return [...this.#instances.keys()].filter((instance) => instance !== FIRST);
  }

  /** Opens the instance that was closed once more. */
  async reopen(): Promise<void> {
    this.#instances.set(this.#current, await this.#store.open());
  }

  /** Closes every instance. */
  async close(): Promise<void> {
    await Promise.all([...this.#instances.values()].map((filesystem) => filesystem.close()));
    const first = this.#instances.get(FIRST) as RootFilesystem;
    this.#instances.clear();
    this.#instances.set(FIRST, first);
  }

  /** Closes what is open and removes the store. */
  async destroy(): Promise<void> {
    try {
      await Promise.all([this.close(), this.#keeper?.close()]);
    } finally {
      await this.#store.destroy();
    }
  }

  /** Gives the version of a write its name, which it answers. Every write has to be given a new one. */
  minted(token: string | undefined, name: string): string {
    if (token === undefined) return 'no version';
    const before = this.#names.get(token);
    if (before !== undefined) return `the version of another write, ${before}`;
    this.#names.set(token, name);
    this.#tokens.set(name, token);
    return name;
  }

  /** The name of a version that was read. */
  nameOf(token: string | undefined): string {
    if (token === undefined) return 'no version';
    return this.#names.get(token) ?? `the version ${JSON.stringify(token)}, which no write was given`;
  }

  /** The expectation with this backend's own token. */
  expectation(path: string, expected: DeleteExpected): 'any' | { version: string };
  expectation(path: string, expected: PutExpected): 'absent' | 'any' | { version: string };
  expectation(path: string, expected: PutExpected): 'absent' | 'any' | { version: string } {
    if (typeof expected === 'string') return expected;
    if (expected.of === 'nobody') return { version: expected.token };
    const current = this.#tokens.get(this.model.at(path)?.version ?? '') ?? NOBODYS_VERSION;
    if (isMangled(expected.of)) return { version: mangle(current, expected.of) };
    return { version: this.#tokens.get(this.model.versionOf(path, expected)) ?? NOBODYS_VERSION };
  }

  /** What was read, as text; and then scribbled over, since it is the caller's. */
  read(snapshot: Snapshot | undefined): string {
    if (snapshot === undefined) return 'nothing';
    const text = `${JSON.stringify(snapshot.path)} ${this.nameOf(snapshot.version)} ${describeEntry(snapshot)}`;
    scribbleOver(snapshot);
    return text;
  }
}
