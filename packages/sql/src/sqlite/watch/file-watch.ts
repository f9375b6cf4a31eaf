import { HoldfastError } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import { realpathSync } from 'node:fs';
import { fileAt, fileBehind, writersOf, type FileId } from './descriptors.ts';
import { HeldLocks } from './held-locks.ts';
import { countUser, keep, openFile, type Kept, type Library } from './open-files.ts';
import { OpenLog } from './open-log.ts';

/** How long reads go on before it is looked whether the file is still what it was, in milliseconds. */
const LOOK_EVERY_MS = 10;

/** The part of the time that goes into listing descriptors, where nothing cheaper tells who has a file open. */
const SHARE_FOR_LISTING = 1 / 20;

const FOREIGN =
  'another SQLite library of this process has the database file open, and neither sees the locks of the other';
const REPLACED =
  'the write-ahead log was removed while it was in use, as another SQLite library of this process does when it closes ' +
  'the file; open it anew';

const LINGERING =
  'this process still has the database file open as it was before another SQLite library of it closed the file; if it ' +
  'does not let go of it, restart it';

/** What a connection has of the shared memory of its file, in write-ahead mode. */
interface Bound {
  readonly descriptor: number;
  readonly locks: HeldLocks | undefined;
  log: FileId | null | undefined;
  /** The log, where it can be watched without being asked. */
  openLog: OpenLog | undefined;
}

/** The locks that a transaction on another thread looks at once it has begun. */
export interface LocksToLookAt {
  /** What `readHeldLocks` reads them from. */
  readonly info: number;
  /** Whether the lock of everybody who has the file open was held when it was asked for: it must be so still. */
  readonly present: boolean;
}

/**
 * Looks out for another SQLite library in this process that has the same file open: a second copy of a driver, the
 * SQLite of Node, the driver of another adapter. Except on Windows, locks are those of a process, so the two do not keep
 * each other out: one overwrites what the other has committed. And the first that closes the file takes the locks of the
 * other with it, and the write-ahead log, into which the other goes on writing.
 *
 * Each library has one descriptor of the shared memory of a file (`-shm`), however many connections it has; so a second
 * one is that of another library. On Linux the locks that are held through ours tell at once that another has come. A
 * file without a write-ahead log has no shared memory, and only what adapters of this package opened is known of it.
 */
export class FileWatch {
  readonly #file: string;
  readonly #id: FileId | undefined;
  readonly #library: Library;
  #bound: Bound | undefined;
  #broken: string | undefined;
  /** Whether the locks told before the transaction that no other library has come since the file was opened. */
  #alone = false;
  #lookedAt = 0;
  #listAfter = 0;

  private constructor(file: string, library: Library) {
    this.#file = file;
    this.#id = fileAt(file) ?? undefined;
    this.#library = library;
  }

  /**
   * Checks before a file is opened that nobody has it open with whom it cannot be shared: to close it again would take
   * the locks of the other with it.
   *
   * @throws HoldfastError `UNSUPPORTED`
   */
  static checkBefore(file: string, library: Library): void {
    const id = fileAt(file);
    if (id === null || id === undefined) return;
    const { users, kept } = openFile(id);
    if (othersThan(library, users)) throw refusal(FOREIGN);
    if (process.platform === 'win32') return;
    // SQLite follows links, and has the other files beside the one that they lead to.
    const memory = fileAt(`${realpathSync(file)}-shm`);
    const inUse = typeof memory === 'string' ? (writersOf(memory)?.length ?? 0) : 0;
    if (inUse > 1) throw refusal(FOREIGN);
    const others = kept.filter(isOpen).map((connection) => connection.memory);
    if (others.some((own) => !isAlone(own) || (own !== memory && inUse > 0))) throw refusal(FOREIGN);
    // Nobody else is left to be harmed.
    for (const { close } of kept) close();
    // What is opened now would be given the memory that they have.
    const lingering = kept.filter((connection) => connection.memory !== memory && isOpen(connection));
    keep(
      id,
      lingering.map((connection) => ({ ...connection, close: () => {} })),
    );
    if (lingering.length > 0) throw refusal(LINGERING);
  }

  /** Begins to watch over the file of a connection that has read from it. To be followed by {@link beforeTransaction}. */
  static start(file: string, library: Library): FileWatch {
    const watch = new FileWatch(file, library);
    if (watch.#id !== undefined) countUser(watch.#id, library, 1);
    return watch;
  }

  /**
   * To be called before a transaction begins: if another library has one open, to begin and end ours would let go of its
   * lock.
   *
   * @throws HoldfastError with outcome `'not-applied'`: `UNSUPPORTED` from the moment on that the file is not for one
   * library any more; `UNAVAILABLE` while no descriptor is free to look
   */
  beforeTransaction(): void {
    if (this.#broken !== undefined) throw refusal(this.#broken);
    this.#lookedAt = clock.now();
    if (this.#id !== undefined && othersThan(this.#library, openFile(this.#id).users)) this.#break(FOREIGN);
    this.#bound ??= this.#bind();
    if (this.#bound === undefined) return;
    this.#checkLog(this.#bound);
    this.#alone = this.#bound.locks?.read()?.present === true;
    // Whoever only reads the file takes the locks along, too, as it closes it; so only the list tells.
    if (!this.#alone && clock.now() >= this.#listAfter) this.#checkAlone(this.#bound);
  }

  /**
   * Checks that the connection, in write-ahead mode, has memory that all share. A library gives all its connections the
   * memory that the first has got, also when another library has taken it away since.
   *
   * @throws HoldfastError `UNSUPPORTED`
   */
  checkShared(): void {
    if (process.platform !== 'win32' && fileAt(`${this.#file}-shm`) === null) this.#break(LINGERING);
  }

  /**
   * To be called in a transaction that has the write lock, before it changes anything.
   *
   * @throws HoldfastError `UNSUPPORTED`; `BUSY` when the lock was lost; both with outcome `'not-applied'`
   */
  inTransaction(): void {
    if (this.#alone || this.#bound?.locks?.read()?.writing !== false) return;
    this.lostLock();
  }

  /**
   * What another thread has to look at in its transaction, in place of {@link inTransaction}, which is for this one. To be
   * asked for right after {@link beforeTransaction}.
   */
  locksToLookAt(): LocksToLookAt | undefined {
    const info = this.#bound?.locks?.info;
    return info === undefined ? undefined : { info, present: this.#alone };
  }

  /**
   * Answers for a transaction that has found its lock gone, and has been rolled back.
   *
   * @throws HoldfastError as {@link inTransaction}
   */
  lostLock(): never {
    if (this.#bound !== undefined) this.#checkAlone(this.#bound);
    throw new HoldfastError('BUSY', 'this process has lost its lock of the database', { outcome: 'not-applied' });
  }

  /**
   * To be called before reads, which go on as long as the file is still the one that others write. Looks now and then.
   *
   * @throws HoldfastError `UNSUPPORTED`
   */
  beforeRead(): void {
    if (this.#broken === REPLACED) throw refusal(REPLACED);
    if (this.#bound === undefined || clock.now() - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = clock.now();
    this.#checkLog(this.#bound);
  }

  /** Notes that the connection was replaced by another one of the same library. */
  rebind(): void {
    this.#bound?.locks?.close();
    this.#bound = undefined;
    this.#alone = false;
    this.#listAfter = 0;
  }

  /** Ends the watch, and closes the connection, unless that would harm another library: then it stays open. */
  close(connection: () => void): void {
    const bound = this.#bound;
    const memory = bound && fileBehind(bound.descriptor);
    const descriptors = this.#sharers(bound);
    const harms = this.#broken !== undefined || descriptors === undefined || descriptors.length > 1;
    bound?.locks?.close();
    if (this.#id !== undefined) countUser(this.#id, this.#library, -1);
    if (!harms || this.#id === undefined || process.platform === 'win32') return connection();
    keep(this.#id, [...openFile(this.#id).kept, { memory, descriptors: descriptors ?? [], close: connection }]);
  }

  /** The descriptors of the shared memory, one for each library; `undefined` when that cannot be told for now. */
  #sharers(bound: Bound | undefined): readonly number[] | undefined {
    const memory = bound && fileBehind(bound.descriptor);
    if (memory === undefined) return [];
    try {
      return this.#list(memory) ?? [];
    } catch {
      return undefined;
    }
  }

  /** Finds what the connection has of the shared memory. Not where there is none, nor where it cannot be told. */
  #bind(): Bound | undefined {
    // There the locks are those of a descriptor, and two libraries keep each other out.
    if (process.platform === 'win32' || clock.now() < this.#listAfter) return undefined;
    const memory = fileAt(`${this.#file}-shm`);
    const writers = typeof memory === 'string' ? this.#list(memory) : undefined;
    const [descriptor, ...others] = writers ?? [];
    if (descriptor === undefined) return undefined;
    const log = fileAt(`${this.#file}-wal`);
    const bound = { descriptor, log, openLog: this.#openLog(log) };
    if (others.length === 0) return { ...bound, locks: HeldLocks.of(descriptor) };
    this.#bound = { ...bound, locks: undefined };
    this.#break(FOREIGN);
  }

  #openLog(log: FileId | null | undefined): OpenLog | undefined {
    return typeof log === 'string' ? OpenLog.at(`${this.#file}-wal`, log) : undefined;
  }

  #checkLog(bound: Bound): void {
    if (bound.openLog?.isThere() === true) return;
    const log = fileAt(`${this.#file}-wal`);
    if (log === undefined || log === bound.log) return;
    // Some file systems number a file anew while it is open.
    const isOurs =
      log !== null && fileAt(`${this.#file}-shm`) === fileBehind(bound.descriptor) && (writersOf(log)?.length ?? 0) > 0;
    if (!isOurs) this.#break(REPLACED);
    bound.log = log;
    bound.openLog = this.#openLog(log);
  }

  #checkAlone(bound: Bound): void {
    if (this.#isForeign(bound)) this.#break(FOREIGN);
  }

  #isForeign({ descriptor }: Bound): boolean {
    const memory = fileBehind(descriptor);
    return memory !== undefined && (this.#list(memory)?.length ?? 0) > 1;
  }

  #list(file: FileId): readonly number[] | undefined {
    const began = clock.now();
    const writers = writersOf(file);
    const ended = clock.now();
    this.#listAfter = ended + (ended - began) / SHARE_FOR_LISTING;
    return writers;
  }

  #break(why: string): never {
    this.#broken = why;
    throw refusal(why);
  }
}

function othersThan(library: Library, users: ReadonlyMap<Library, number>): boolean {
  return users.size > (users.has(library) ? 1 : 0);
}

/** Whether a connection that was kept is still open, as far as the shared memory tells. */
function isOpen({ descriptors, memory }: Kept): boolean {
  return descriptors.some((descriptor) => fileBehind(descriptor) === memory);
}

function isAlone(memory: FileId | undefined): boolean {
  return memory === undefined || (writersOf(memory)?.length ?? 0) <= 1;
}

function refusal(message: string): HoldfastError {
  return new HoldfastError('UNSUPPORTED', message, { capability: 'sharing', outcome: 'not-applied' });
}
