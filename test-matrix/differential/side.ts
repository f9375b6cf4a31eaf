import type { ContractStore } from '@holdfast/contract';
import type { RootFilesystem, Snapshot } from '@holdfast/core';
import type { ComparedBackend } from './compared-backend.ts';
import { Model } from './model.ts';
import { describeEntry, scribbleOver } from './values/entries.ts';
import { NOBODYS_VERSION, type DeleteExpected, type PutExpected } from './values/expectations.ts';

/** One backend in one run: a store of its own, the model of what it has to do, and the versions it gave. */
export class Side {
  readonly id: string;
  readonly model: Model;
  filesystem: RootFilesystem;
  readonly #store: ContractStore;
  readonly #names = new Map<string, string>();
  readonly #tokens = new Map<string, string>();

  private constructor(id: string, store: ContractStore, filesystem: RootFilesystem) {
    this.id = id;
    this.#store = store;
    this.filesystem = filesystem;
    this.model = new Model(filesystem.capabilitiesAt('/'));
  }

  /** Makes a new, empty store and opens it. */
  static async open({ id, harness }: ComparedBackend): Promise<Side> {
    const store = await harness.createStore();
    try {
      return new Side(id, store, await store.open());
    } catch (error) {
      await store.destroy();
      throw error;
    }
  }

  /** Opens the store once more, beside what is open. */
  reopen(): Promise<RootFilesystem> {
    return this.#store.open();
  }

  /** Closes the filesystem and removes the store. */
  async destroy(): Promise<void> {
    try {
      await this.filesystem.close();
    } finally {
      await this.#store.destroy();
    }
  }

  /** The name of the version that a write of this step was given. Every write has to be given a new one. */
  minted(token: string | undefined, step: number): string {
    if (token === undefined) return 'no version';
    const before = this.#names.get(token);
    if (before !== undefined) return `the version of another write, ${before}`;
    this.#names.set(token, `v${step}`);
    this.#tokens.set(`v${step}`, token);
    return `v${step}`;
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
    if (expected.of === 'current-cut-short') return { version: current.slice(0, -1) };
    if (expected.of === 'current-upper-case') {
      const upper = current.toUpperCase();
      return { version: upper === current ? NOBODYS_VERSION : upper };
    }
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
