import type {
  CasExpectation,
  DeleteExpectation,
  DeleteResult,
  EntriesOptions,
  EntryInput,
  OperationOptions,
  PutResult,
  Snapshot,
  Version,
} from '@holdfast/core';
import { Passthrough } from './passthrough.ts';

/**
 * A filesystem that shows other versions than the good one behind it mints. Where it shows the same one twice, it
 * takes it for the later of the two.
 */
export abstract class Retokened extends Passthrough {
  readonly #shown = new Map<string, string>();
  readonly #meant = new Map<string, string>();

  /** The version to show for a write that landed. */
  protected abstract versionOf(written: Snapshot): unknown;

  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    const found = await super.get(path, options);
    return found && this.#show(found);
  }

  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    for await (const found of super.entries(prefix, options)) yield this.#show(found);
  }

  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const { version } = await super.put(path, entry, this.#mean(path, expectation), options);
    return { version: this.#show({ ...entry, path, version } as Snapshot).version };
  }

  override delete(path: string, expectation: DeleteExpectation, options?: OperationOptions): Promise<DeleteResult> {
    return super.delete(path, this.#mean(path, expectation), options);
  }

  #show(found: Snapshot): Snapshot {
    const known = this.#shown.get(String(found.version));
    const version = (known ?? this.versionOf(found)) as Version;
    if (known === undefined) {
      this.#shown.set(String(found.version), version);
      this.#meant.set(`${found.path} ${version}`, String(found.version));
    }
    return { ...found, version };
  }

  #mean<E>(path: string, expectation: E): E {
    const wanted = (expectation as { readonly version?: unknown } | undefined)?.version;
    const meant = typeof wanted === 'string' ? this.#meant.get(`${path} ${wanted}`) : undefined;
    return meant === undefined ? expectation : ({ version: meant } as E);
  }
}
