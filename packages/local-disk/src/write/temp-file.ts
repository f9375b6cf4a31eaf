import type { FileHandle } from 'node:fs/promises';
import type { OperationContext } from '@holdfast/core/adapter';
import { CREATE_FILE } from '../calls/open-flags.ts';
import { throwIfGivenUp } from '../give-up.ts';
import { mintTempName } from '../names/temp-name.ts';
import type { Directory } from '../tree/directory.ts';

/** How much is written between two looks at whether the caller still waits, in bytes. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * A body on its way: written and fsynced under a name of its own in the directory it will be published in.
 * While it is there the directory cannot be pruned. Disposing of it removes it, whatever happened.
 */
export class TempFile implements AsyncDisposable {
  /** The path for calls; see {@link Directory.at}. */
  readonly at: string;
  readonly #directory: Directory;
  readonly #name: string;
  #isGone = false;

  private constructor(directory: Directory) {
    this.#directory = directory;
    this.#name = mintTempName();
    this.at = directory.at(this.#name);
  }

  /**
   * Writes a body and makes it durable. On failure nothing is left.
   *
   * @returns `undefined` when the directory turned out to be no longer at its path
   */
  static async write(directory: Directory, body: Uint8Array, context: OperationContext): Promise<TempFile | undefined> {
    const temp = new TempFile(directory);
    let filled = false;
    try {
      filled = await temp.#fill(body, context);
      return filled ? temp : undefined;
    } finally {
      if (!filled) await temp.remove();
    }
  }

  /** Says that its name was given up for another one: there is nothing left to remove. */
  wasRenamed(): void {
    this.#isGone = true;
  }

  /** Removes the name, once. Never throws: what remains is never read, and swept when it is stale. */
  async remove(): Promise<void> {
    if (this.#isGone) return;
    this.#isGone = true;
    await this.#directory.calls.unlink(this.at).catch(() => {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }

  async #fill(body: Uint8Array, context: OperationContext): Promise<boolean> {
    throwIfGivenUp(context);
    // That closing can fail is part of it: some file systems report a failed write only then.
    await using file: FileHandle = await this.#directory.calls.open(this.at, CREATE_FILE, 0o666);
    // Before the first byte: under path checks the name may have been made somewhere else.
    if (!(await this.#directory.hasOpen(file, this.#name))) return false;
    await writeAll(file, body, context);
    throwIfGivenUp(context);
    await file.sync();
    return true;
  }
}

async function writeAll(file: FileHandle, body: Uint8Array, context: OperationContext): Promise<void> {
  for (let written = 0; written < body.byteLength;) {
    throwIfGivenUp(context);
    const length = Math.min(CHUNK_BYTES, body.byteLength - written);
    written += (await file.write(body, written, length, written)).bytesWritten;
  }
}
