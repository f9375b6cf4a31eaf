import type { FileHandle } from 'node:fs/promises';
import { nameOf, parentOf, type VirtualPath } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import { errnoOf } from '../calls/errno.ts';
import { OPEN_FOR_READING } from '../calls/open-flags.ts';
import type { Disk } from '../disk.ts';
import { withDiskErrors } from '../errors.ts';
import { busy, fileTooLarge } from '../refusals.ts';
import type { Directory } from '../tree/directory.ts';
import { kindOf, lookAt, type Kind } from '../tree/look-at.ts';
import { readBody } from './read-body.ts';

/** Why there is no body to read at a path. */
export type NoFile = Exclude<Kind, 'file'>;

const NO_FILE: Readonly<Record<string, NoFile>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ELOOP: 'symbolic-link',
  EMLINK: 'symbolic-link',
  // What opening a socket, or a device without a driver, answers.
  ENXIO: 'special',
  ENODEV: 'special',
  EOPNOTSUPP: 'special',
};

// Only under path checks can an open file be another one than the path then shows, as when a writer replaced it in
// between; or can it be missing because the directory was.
const READ_ATTEMPTS = 16;

/** Reads files. The directory of the last one stays open for the next, which may be in it too, until it is disposed of. */
export class FileReader implements AsyncDisposable {
  readonly #disk: Disk;
  readonly #context: OperationContext;
  #directory: Directory | undefined;

  constructor(disk: Disk, context: OperationContext) {
    this.#disk = disk;
    this.#context = context;
  }

  /**
   * The bytes of the file at a path, or why there are none. Costs two opens and the reads, or one where the directory is
   * open.
   *
   * @throws HoldfastError that names the path; `BODY_TOO_LARGE` before any of it is in memory
   */
  read(path: VirtualPath): Promise<Uint8Array | NoFile> {
    return withDiskErrors(async () => {
      const directory = this.#directory;
      if (directory?.path === parentOf(path)) {
        const found = await this.#readIn(directory, path);
        // One that was opened before may be gone, and another be in its place, which has the file.
        if (typeof found !== 'string') return found;
      }
      for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
        await this.#close();
        const opened = await this.#disk.tree.open(parentOf(path));
        if (typeof opened === 'string') return opened === 'symbolic-link' ? opened : 'missing';
        this.#directory = opened;
        const found = await this.#readIn(opened, path);
        if (found !== 'redirected') return found;
      }
      throw busy('the file was replaced during every attempt to read it');
    }, path);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  async #close(): Promise<void> {
    const directory = this.#directory;
    this.#directory = undefined;
    await directory?.close();
  }

  async #readIn(directory: Directory, path: VirtualPath): Promise<Uint8Array | NoFile | 'redirected'> {
    const opened = await this.#open(directory, nameOf(path));
    if (typeof opened === 'string') return opened;
    await using file: FileHandle = opened;
    if (!(await directory.hasOpen(file, nameOf(path)))) return 'redirected';
    const found = await file.stat();
    const kind = kindOf(found);
    if (kind !== 'file') return kind;
    const { maxBodyBytes } = this.#disk;
    if (found.size > maxBodyBytes) throw fileTooLarge(path, maxBodyBytes);
    return await readBody(file, found.size, this.#context);
  }

  async #open(directory: Directory, name: string): Promise<FileHandle | NoFile | 'redirected'> {
    try {
      return await this.#disk.calls.open(directory.at(name), OPEN_FOR_READING);
    } catch (error) {
      const reason = NO_FILE[errnoOf(error) ?? ''];
      if (reason === undefined) throw error;
      // A file of a disk that is gone is answered like a socket.
      if (reason === 'special' && (await lookAt(directory, name)) === 'file') throw error;
      return (await directory.wasRead()) ? reason : 'redirected';
    }
  }
}
