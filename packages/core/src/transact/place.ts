import type { RecordCodec } from '../codecs/record-codec.ts';
import type { Entry, Snapshot } from '../entries/entry.ts';
import { sameEntry } from '../entries/same-entry.ts';
import type { ParsedChange } from '../operations/commit/parse-changes.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import type { UpdateCalls } from '../updates/update-calls.ts';
import type { Version } from '../versions/version.ts';
import { heard } from './heard.ts';

/** What was read: an entry of a version, or that there is none. */
interface Seen {
  readonly stored: Snapshot | undefined;
  readonly expectation: 'absent' | { readonly version: Version };
}

/** What one attempt of a transaction knows of one path. */
export class Place {
  readonly path: VirtualPath;
  readonly #calls: UpdateCalls;
  /** Its only read, if it was read, and what that gave. */
  #reading: Promise<Seen> | undefined;
  #seen: Seen | undefined;
  /** What is to be there at the end, `undefined` for nothing, if it was written. */
  #writing: Promise<Entry | undefined> | undefined;

  constructor(path: VirtualPath, calls: UpdateCalls) {
    this.path = path;
    this.#calls = calls;
  }

  /** What is there for this transaction, as a value of the caller's own. */
  async get<T>(codec: RecordCodec<T>): Promise<T | undefined> {
    const found = this.#writing === undefined ? (await this.#read()).stored : await this.#own(this.#writing);
    return found && (await this.#calls.decode(codec, found, 'not-applied'));
  }

  /** Says what is to be there at the end. */
  write(entry: Promise<Entry | undefined>): void {
    this.#writing = entry;
  }

  /** What has to hold for what was read to be as it was. */
  check(): ParsedChange | undefined {
    return this.#seen && { change: 'check', path: this.path, expectation: this.#seen.expectation };
  }

  /** What has to be done at the end; `undefined` for nothing. */
  async change(): Promise<ParsedChange | undefined> {
    if (this.#writing === undefined) return this.check();
    const entry = await this.#writing;
    const { path } = this;
    // One that nobody waited for may not have been answered yet.
    const { stored, expectation } = (await this.#reading) ?? { stored: undefined, expectation: 'any' };
    if (entry === undefined) {
      return expectation === 'absent' ? this.check() : { change: 'delete', path, expectation };
    }
    const isSame = stored !== undefined && sameEntry(entry, stored);
    return isSame ? this.check() : { change: 'put', path, entry, expectation };
  }

  async #own(writing: Promise<Entry | undefined>): Promise<Snapshot | undefined> {
    const entry = await writing;
    return entry && { ...entry, path: this.path, version: undefined };
  }

  #read(): Promise<Seen> {
    this.#reading ??= heard(this.#look());
    return this.#reading;
  }

  async #look(): Promise<Seen> {
    const stored = await this.#calls.read(this.path, 'not-applied');
    const expectation = stored === undefined ? 'absent' : { version: this.#calls.versionOf(stored, this.path) };
    this.#seen = { stored, expectation };
    return this.#seen;
  }
}
