import { AdaptedCapabilities } from '../../capabilities/adapted-capabilities.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { WITHOUT_PLANES } from '../../capabilities/commit-limits.ts';
import type { RootFilesystem } from '../../filesystem/root-filesystem.ts';
import type { Operation } from '../../operations/operation.ts';
import type { DirectoryPath, VirtualPath } from '../../paths/virtual-path.ts';
import { Layer, type Next } from '../layer.ts';
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
    return this.#capabilities.of(claimed, { maxBodyBytes, ...commitLimit(claimed) });
  }

  /** @internal */
  protected override _onlyLooks(): boolean {
    return true;
  }

  protected override async _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    let bytes = 0;
    const sealed = operation.sealed((path, entry) => {
      bytes += entry.body.length;
      this.#refuseTooLong(operation, path, { body: entry.body.length, bytes });
      return this.#cipher.seal(path, entry);
    });
    const answer = await next(sealed);
    return operation.mapAnswer(answer, (path, stored) => this.#cipher.open(operation.name, path, stored));
  }

  /** Refuses bodies that are too long with the limit that the caller sees, after all that is refused before that. */
  #refuseTooLong(operation: Operation, path: VirtualPath, { body, bytes }: { body: number; bytes: number }): void {
    const claimed = this.#claims(path);
    if (claimed === undefined) return;
    const { maxBodyBytes, maxCommitBytes } = claimed;
    if (body > maxBodyBytes || (maxCommitBytes > 0 && bytes > maxCommitBytes))
      operation.gate({ claims: (_, each) => this.#claims(each) });
  }

  #claims(path: DirectoryPath): C | undefined {
    try {
      // Whatever claims nothing is refused below.
      return this.capabilitiesAt(path) ?? undefined;
    } catch {
      // Nothing serves this path; the filesystem below says so as an error of the operation.
      return undefined;
    }
  }
}

/** As many bytes less as a commit of nothing but puts gets longer; none of it where nothing would be left. */
function commitLimit({ maxCommitChanges, maxCommitBytes }: Capabilities): Partial<Capabilities> {
  const left = maxCommitBytes - maxCommitChanges * ENCRYPTION_OVERHEAD_BYTES;
  return left > 0 ? { maxCommitBytes: left } : WITHOUT_PLANES;
}
