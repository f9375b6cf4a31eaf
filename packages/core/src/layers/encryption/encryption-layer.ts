import { AdaptedCapabilities } from '../../capabilities/adapted-capabilities.ts';
import type { Capabilities, EntryFor, ExpectationFor, VersionAt } from '../../capabilities/capabilities.ts';
import { gatePath, gatePut } from '../../capabilities/gate.ts';
import type { Entry, Snapshot } from '../../entries/entry.ts';
import { parseEntry } from '../../entries/parse-entry.ts';
import { parseExpectation } from '../../expectations/cas-expectation.ts';
import { argumentError } from '../../filesystem/adapter-error.ts';
import { parseOperationOptions, type OperationOptions } from '../../filesystem/operation-options.ts';
import type { EntriesOptions, PutResult, RootFilesystem } from '../../filesystem/root-filesystem.ts';
import { unreadable } from '../../filesystem/unreadable.ts';
import { parsePath, type VirtualPath } from '../../paths/virtual-path.ts';
import { Layer } from '../layer.ts';
import type { EntryCipher } from './entry-cipher.ts';
import { ENCRYPTION_OVERHEAD_BYTES } from './sealed-body.ts';

/** The longest text that Node encrypts at once, in bytes: what an `int` of C can count. */
const MAX_SEALED_BYTES: number = 2 ** 31 - 1;

/** What an encrypted filesystem is made of; for those who work on what it stores. */
export interface EncryptionParts {
  /** The filesystem that holds what is stored. */
  readonly inner: RootFilesystem;
  readonly cipher: EntryCipher;
}

/** Seals what is put, and opens what is read. */
export class EncryptionLayer<C extends Capabilities = Capabilities> extends Layer<C> {
  readonly #cipher: EntryCipher;
  readonly #capabilities = new AdaptedCapabilities<C>();

  constructor(filesystem: RootFilesystem<C>, cipher: EntryCipher) {
    super(filesystem);
    this.#cipher = cipher;
  }

  /** What a filesystem is made of if it is one of these. */
  static partsOf(value: unknown): EncryptionParts | undefined {
    if (typeof value !== 'object' || value === null || !(#cipher in value)) return undefined;
    return { inner: value.inner as unknown as RootFilesystem, cipher: value.#cipher };
  }

  /** @inheritDoc */
  override capabilitiesAt(path: string): C {
    const claimed = super.capabilitiesAt(path);
    if (typeof claimed !== 'object' || claimed === null || typeof claimed.maxBodyBytes !== 'number') return claimed;
    const maxBodyBytes = Math.max(0, Math.min(claimed.maxBodyBytes, MAX_SEALED_BYTES) - ENCRYPTION_OVERHEAD_BYTES);
    return this.#capabilities.of(claimed, { maxBodyBytes });
  }

  protected override async _get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined> {
    const stored = await super._get(path, options);
    return stored && this.#cipher.open('get', path, stored);
  }

  // Not async up to the call below: when `put` has returned, the buffer is the caller's again.
  protected override _put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<PutResult<VersionAt<C>>> {
    return super._put(path, this.#sealed(path, entry, expectation, options) as EntryFor<C>, expectation, options);
  }

  protected override async *_entries(
    prefix: string,
    options?: EntriesOptions,
  ): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    for await (const stored of super._entries(prefix, options)) {
      yield this.#cipher.open('entries', stored.path, stored);
    }
  }

  #sealed(path: string, given: unknown, expectation: unknown, options: unknown): object {
    let target: VirtualPath;
    let entry: Entry;
    try {
      target = parsePath(path);
      entry = parseEntry(given);
    } catch (thrown) {
      // The filesystem below has to refuse it. It must not get it: if it does not, plain text would be stored.
      return unreadable(thrown);
    }
    this.#refuseTooLong(target, entry, expectation, options);
    return this.#cipher.seal(target, entry);
  }

  /** Refuses a body that is too long with the limit that the caller sees, after all that is refused before that. */
  #refuseTooLong(path: VirtualPath, entry: Entry, expectation: unknown, options: unknown): void {
    const claimed = this.#claims(path);
    if (claimed === undefined || entry.body.length <= claimed.maxBodyBytes) return;
    try {
      const parsed = parseExpectation(expectation);
      parseOperationOptions(options);
      gatePath(claimed, path, 'put');
      gatePut(claimed, path, entry, parsed);
    } catch (thrown) {
      throw argumentError(thrown, 'put', path);
    }
  }

  #claims(path: VirtualPath): C | undefined {
    try {
      // Whatever claims nothing is refused below.
      return this.capabilitiesAt(path) ?? undefined;
    } catch {
      // Nothing serves this path; the filesystem below says so as an error of `put`.
      return undefined;
    }
  }
}
