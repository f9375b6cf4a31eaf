import {
  CasApply,
  casUpdate,
  getMany,
  isHoldfastError,
  type EntryInput,
  type ErrorCode,
  type OperationOptions,
  type RootFilesystem,
  type Snapshot,
  type Version,
} from '@holdfast/core';
import { check } from '../support/check.ts';
import { randomNumbers } from '../support/random.ts';
import type { CallMix } from './call-mix.ts';
import { checkOwn, GAVE_UP, orGivenUp } from './given-up.ts';
import type { Now } from './now.ts';
import { optionsOfCallers } from './options-of-callers.ts';
import type { RegisterEvent, WriteCall } from './register-event.ts';
import { tagOf, taggedBody } from './tagged-body.ts';

/** A value that was written, and the version under which it is known. */
interface Known {
  readonly value: string;
  readonly version: Version;
}

type Unfinished<T> = T extends unknown ? Omit<T, 'start' | 'end'> : never;

/** What a call turned out to be, but for when it was. */
type Told = Unfinished<RegisterEvent>;

/** How a write can end that is not done, of many at once, the last where a store is asked for too much. */
const WAYS_TO_LOSE: readonly ErrorCode[] = ['VERSION_MISMATCH', 'RETRIES_EXHAUSTED', 'BUSY', 'TIMEOUT'];

/** The same where what carries the calls fails. */
const WAYS_TO_BREAK: readonly ErrorCode[] = [...WAYS_TO_LOSE, 'UNAVAILABLE', 'OUTCOME_UNKNOWN'];

/** Makes random calls and records for each key what they saw. */
export class CallRecorder {
  readonly events: Map<string, RegisterEvent[]>;
  readonly #mix: CallMix;
  readonly #random: () => number;
  /** All that was ever known of each key, the latest last. */
  readonly #known: Map<string, Known[]>;
  readonly #valueOf = new Map<Version, string>();
  readonly #now: Now;

  constructor(mix: CallMix, now: Now) {
    this.#mix = mix;
    this.#now = now;
    this.#random = randomNumbers(mix.seed);
    this.events = new Map(mix.paths.map((path) => [path, []]));
    this.#known = new Map(mix.paths.map((path) => [path, []]));
  }

  /** Makes one random call. */
  async call(filesystem: RootFilesystem, name: string): Promise<void> {
    const path = this.#oneOf(this.#mix.paths);
    const versioned = filesystem.capabilitiesAt(path).cas === 'versioned';
    const records = filesystem.capabilitiesAt(path).records;
    const options = this.#options();
    const drawn = this.#random();
    if (drawn < 0.2) return this.#get(filesystem, path, options);
    if (drawn < 0.24) return this.#getTwice(filesystem, path, options);
    if (drawn < 0.25) return this.#getMany(filesystem, options);
    if (drawn < 0.3) return this.#iterate(filesystem, options);
    if (drawn < 0.35) return this.#list(filesystem, options);
    if (drawn < 0.5 && versioned && records) return this.#update(filesystem, path, name, options);
    if (drawn < 0.65) return this.#delete(filesystem, path, options);
    return this.#put(filesystem, path, name, options);
  }

  /** Reads every key. */
  async readAll(filesystem: RootFilesystem): Promise<void> {
    for (const path of this.#mix.paths) await this.#get(filesystem, path, {});
    await this.#iterate(filesystem, {});
  }

  async #get(filesystem: RootFilesystem, path: string, options: OperationOptions): Promise<void> {
    await this.#record(path, async () => {
      const snapshot = await this.#orGivenUp(filesystem.get(path, options), options);
      return snapshot === GAVE_UP ? undefined : { call: 'read', saw: this.#valueIn(path, snapshot) };
    });
  }

  /** Two reads that begin together, of which the callers have nothing to do with each other. */
  async #getTwice(filesystem: RootFilesystem, path: string, options: OperationOptions): Promise<void> {
    await Promise.all([this.#get(filesystem, path, options), this.#get(filesystem, path, {})]);
  }

  /** Each is a read of its key that happened at some moment of the call. */
  async #getMany(filesystem: RootFilesystem, options: OperationOptions): Promise<void> {
    const { paths } = this.#mix;
    const start = this.#now();
    const snapshots = await this.#orGivenUp(getMany(filesystem, paths, options), options);
    if (snapshots === GAVE_UP) return;
    const end = this.#now();
    for (const [index, path] of paths.entries()) {
      this.events.get(path)?.push({ call: 'read', saw: this.#valueIn(path, snapshots[index]), start, end });
    }
  }

  /** Each path of the page is a read of its key that happened at some moment of the iteration. */
  async #iterate(filesystem: RootFilesystem, options: OperationOptions): Promise<void> {
    const start = this.#now();
    const found = new Map<string, string | undefined>();
    const iterate = async (): Promise<void> => {
      for await (const snapshot of filesystem.entries(this.#directory, { ...options, pageSize: 2 })) {
        check(this.events.has(snapshot.path), `nothing but what was put; there was ${snapshot.path}`);
        check(!found.has(snapshot.path), `an iteration that gives ${snapshot.path} once`);
        found.set(snapshot.path, this.#valueIn(snapshot.path, snapshot));
      }
    };
    if ((await this.#orGivenUp(iterate(), options)) === GAVE_UP) return;
    const end = this.#now();
    for (const path of this.#mix.paths) this.events.get(path)?.push({ call: 'read', saw: found.get(path), start, end });
  }

  async #list(filesystem: RootFilesystem, options: OperationOptions): Promise<void> {
    const start = this.#now();
    const page = await this.#orGivenUp(filesystem.list(this.#directory, { ...options, limit: 1000 }), options);
    if (page === GAVE_UP) return;
    const end = this.#now();
    for (const { name } of page.children) {
      check(this.events.has(`${this.#directory}/${name}`), `nothing but what was put; there was ${name}`);
    }
    const names = new Set(page.children.filter(({ isEntry }) => isEntry).map(({ name }) => name));
    for (const path of this.#mix.paths) {
      this.events.get(path)?.push({ call: 'look', saw: names.has(path.slice(this.#directory.length + 1)), start, end });
    }
  }

  async #put(filesystem: RootFilesystem, path: string, name: string, options: OperationOptions): Promise<void> {
    const { cas } = filesystem.capabilitiesAt(path);
    const known = cas === 'versioned' && this.#random() < 0.6 ? this.#someKnown(path) : undefined;
    const expects = known ?? (cas !== 'none' && this.#random() < 0.6 ? 'absent' : 'any');
    const write = { call: 'write', expects: nameOf(expects), leaves: name } as const;
    await this.#record(path, async () => {
      try {
        const expectation = typeof expects === 'string' ? expects : { version: expects.version };
        const { version } = await filesystem.put(path, this.#entry(name), expectation, options);
        this.#learn(path, name, version);
        return { ...write, outcome: 'done' };
      } catch (error) {
        return { ...write, outcome: this.#outcomeOf(error, options) };
      }
    });
  }

  async #delete(filesystem: RootFilesystem, path: string, options: OperationOptions): Promise<void> {
    const { conditionalDelete } = filesystem.capabilitiesAt(path);
    const known = conditionalDelete && this.#random() < 0.6 ? this.#someKnown(path) : undefined;
    const expects = known ?? 'any';
    const write = { call: 'write', expects: nameOf(expects), leaves: undefined } as const;
    await this.#record(path, async () => {
      try {
        const expectation = expects === 'any' ? expects : { version: expects.version };
        const { deleted } = await filesystem.delete(path, expectation, options);
        return { ...write, outcome: 'done', deleted };
      } catch (error) {
        return { ...write, outcome: this.#outcomeOf(error, options) };
      }
    });
  }

  /** An update is a write or a delete on what `apply` saw last, or a read where it changes nothing. */
  async #update(filesystem: RootFilesystem, path: string, name: string, options: OperationOptions): Promise<void> {
    const drawn = this.#oneOf(['write', 'write', 'write', 'force', 'delete', 'nothing'] as const);
    // An update deletes what it saw, and nothing else.
    const does = drawn === 'delete' && !filesystem.capabilitiesAt(path).conditionalDelete ? 'write' : drawn;
    const combine = this.#random() < 0.5;
    let saw: string | undefined;
    const codec = {
      encode: (value: string) => this.#entry(value),
      // Not learned: what another update leaves to one that is combined with it is not stored yet, and may never be.
      decode: (snapshot: Snapshot) => this.#wholeValueIn(path, snapshot),
    };
    const apply = (current: string | undefined): CasApply<string, undefined> => {
      saw = current;
      if (does === 'nothing') return CasApply.noOp();
      if (does === 'delete') return CasApply.delete();
      return does === 'force' ? CasApply.forceWrite(name) : CasApply.write(name);
    };
    const write = (): Unfinished<WriteCall> => ({
      call: 'write',
      expects: saw === undefined ? 'absent' : { value: saw },
      leaves: does === 'delete' ? undefined : name,
      outcome: 'done',
    });
    await this.#record(path, async () => {
      try {
        const { version, written } = await casUpdate(filesystem, path, codec, apply, { ...options, combine });
        if (!written) return { call: 'read', saw };
        if (does !== 'delete') this.#learn(path, name, version);
        return write();
      } catch (error) {
        return { ...write(), outcome: this.#outcomeOf(error, options) };
      }
    });
  }

  async #record(path: string, call: () => Promise<Told | undefined>): Promise<void> {
    const start = this.#now();
    const told = await call();
    const end = this.#now();
    if (told !== undefined) this.events.get(path)?.push({ ...told, start, end });
  }

  /** The value of an entry, which has to be whole, and the same for one version always. */
  #valueIn(path: string, snapshot: Snapshot | undefined): string | undefined {
    if (snapshot === undefined) return undefined;
    const value = this.#wholeValueIn(path, snapshot);
    this.#learn(path, value, snapshot.version);
    return value;
  }

  #wholeValueIn(path: string, { body }: Snapshot): string {
    const value = tagOf(body);
    check(value !== undefined, `a whole body at ${path}, of one write`);
    return value;
  }

  #learn(path: string, value: string, version: Version | undefined): void {
    if (version === undefined) return;
    const before = this.#valueOf.get(version);
    check(before === undefined || before === value, `one value for each version at ${path}`);
    if (before !== undefined) return;
    this.#valueOf.set(version, value);
    this.#known.get(path)?.push({ value, version });
  }

  /** Mostly what was known last, now and then what was known before. */
  #someKnown(path: string): Known | undefined {
    const known = this.#known.get(path) ?? [];
    return this.#random() < 0.7 ? known.at(-1) : known[Math.floor(this.#random() * known.length)];
  }

  #entry(value: string): EntryInput {
    return { body: taggedBody(value, this.#oneOf(this.#mix.lengths)) };
  }

  #orGivenUp<T>(read: Promise<T>, options: OperationOptions): Promise<T | typeof GAVE_UP> {
    return orGivenUp(read, options, this.#mix.unreliable);
  }

  #outcomeOf(error: unknown, options: OperationOptions): WriteCall['outcome'] {
    checkOwn(error, options);
    if (!isHoldfastError(error) || error.outcome === undefined) throw error;
    // Where nobody gives up and nothing breaks, nothing else is a way to fail.
    const ways = this.#mix.unreliable === true ? WAYS_TO_BREAK : WAYS_TO_LOSE;
    if (!this.#mix.interrupted && !ways.includes(error.code)) throw error;
    if (error.outcome === 'unknown') return 'unknown';
    return error.code === 'VERSION_MISMATCH' ? 'refused' : 'not-applied';
  }

  #options(): OperationOptions {
    return optionsOfCallers(this.#mix, this.#random);
  }

  #oneOf<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)] as T;
  }

  get #directory(): string {
    const [path = ''] = this.#mix.paths;
    return path.slice(0, path.lastIndexOf('/'));
  }
}

function nameOf(expects: 'absent' | 'any' | Known): WriteCall['expects'] {
  return typeof expects === 'string' ? expects : { value: expects.value };
}
