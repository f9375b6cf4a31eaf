import {
  CasApply,
  casUpdate,
  isHoldfastError,
  type EntryInput,
  type ErrorCode,
  type OperationOptions,
  type RootFilesystem,
  type Snapshot,
  type Version,
} from '@holdfast/core';
import { stopIfAbandoned } from '../running/current-run.ts';
import { check } from '../support/check.ts';
import { randomNumbers } from '../support/random.ts';
import type { CallMix } from './call-mix.ts';
import { checkOwn, GAVE_UP, orGivenUp } from './given-up.ts';
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

/**
 * Lets workers make random calls of every kind on a few keys, each on an instance of its own where there are several,
 * and records for each key what every call saw. The seed decides who does what; when it happens is up to the backend.
 *
 * @throws ContractViolation for what is wrong whatever the order: a body that is not whole, a version with two values
 */
export async function recordCalls(
  instances: readonly RootFilesystem[],
  mix: CallMix,
): Promise<ReadonlyMap<string, readonly RegisterEvent[]>> {
  const recorder = new Recorder(mix);
  const worker = async (filesystem: RootFilesystem, name: number): Promise<void> => {
    for (let call = 0; call < mix.calls; call += 1) {
      stopIfAbandoned();
      await recorder.call(filesystem, `${name}.${call}`);
    }
  };
  const workers = Array.from({ length: mix.workers }, (_, name) =>
    worker(instances[name % instances.length] as RootFilesystem, name),
  );
  await Promise.all([...workers, comeAndGo(recorder, mix)]);
  // What landed later than its caller was told shows now.
  for (const filesystem of instances) await recorder.readAll(filesystem);
  return recorder.events;
}

/** How many instances come and go while the others work, and how many calls each of them makes. */
const PASSING = 4;
const CALLS_IN_PASSING = 3;

/** Opens instances, uses them, and closes them: of which nobody else should notice anything. */
async function comeAndGo(recorder: Recorder, { openAnother, workers }: CallMix): Promise<void> {
  if (openAnother === undefined) return;
  for (let passing = 0; passing < PASSING; passing += 1) {
    const filesystem = await openAnother();
    for (let call = 0; call < CALLS_IN_PASSING; call += 1) {
      await recorder.call(filesystem, `${workers + passing}.${call}`);
    }
    await filesystem.close();
  }
}

/** How a write can end that is not done, of many at once, the last where a store is asked for too much. */
const WAYS_TO_LOSE: readonly ErrorCode[] = ['VERSION_MISMATCH', 'RETRIES_EXHAUSTED', 'BUSY', 'TIMEOUT'];

class Recorder {
  readonly events: Map<string, RegisterEvent[]>;
  readonly #mix: CallMix;
  readonly #random: () => number;
  /** All that was ever known of each key, the latest last. */
  readonly #known: Map<string, Known[]>;
  readonly #valueOf = new Map<Version, string>();
  #clock = 0;

  constructor(mix: CallMix) {
    this.#mix = mix;
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
    if (drawn < 0.25) return this.#getTwice(filesystem, path, options);
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
      const snapshot = await orGivenUp(filesystem.get(path, options), options);
      return snapshot === GAVE_UP ? undefined : { call: 'read', saw: this.#valueIn(path, snapshot) };
    });
  }

  /** Two reads that begin together, of which the callers have nothing to do with each other. */
  async #getTwice(filesystem: RootFilesystem, path: string, options: OperationOptions): Promise<void> {
    await Promise.all([this.#get(filesystem, path, options), this.#get(filesystem, path, {})]);
  }

  /** Each path of the page is a read of its key that happened at some moment of the iteration. */
  async #iterate(filesystem: RootFilesystem, options: OperationOptions): Promise<void> {
    const start = this.#tick();
    const found = new Map<string, string | undefined>();
    const iterate = async (): Promise<void> => {
      for await (const snapshot of filesystem.entries(this.#directory, { ...options, pageSize: 2 })) {
        check(this.events.has(snapshot.path), `nothing but what was put; there was ${snapshot.path}`);
        check(!found.has(snapshot.path), `an iteration that gives ${snapshot.path} once`);
        found.set(snapshot.path, this.#valueIn(snapshot.path, snapshot));
      }
    };
    if ((await orGivenUp(iterate(), options)) === GAVE_UP) return;
    const end = this.#tick();
    for (const path of this.#mix.paths) this.events.get(path)?.push({ call: 'read', saw: found.get(path), start, end });
  }

  async #list(filesystem: RootFilesystem, options: OperationOptions): Promise<void> {
    const start = this.#tick();
    const page = await orGivenUp(filesystem.list(this.#directory, { ...options, limit: 1000 }), options);
    if (page === GAVE_UP) return;
    const end = this.#tick();
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

  /** An update is a write on what `apply` saw last, or a read where it writes nothing. */
  async #update(filesystem: RootFilesystem, path: string, name: string, options: OperationOptions): Promise<void> {
    const writes = this.#random() < 0.8;
    const combine = this.#random() < 0.5;
    let saw: string | undefined;
    const codec = {
      encode: (value: string) => this.#entry(value),
      // Not learned: what another update leaves to one that is combined with it is not stored yet, and may never be.
      decode: (snapshot: Snapshot) => this.#wholeValueIn(path, snapshot),
    };
    const apply = (current: string | undefined): CasApply<string, undefined> => {
      saw = current;
      return writes ? CasApply.write(name) : CasApply.noOp();
    };
    const write = (): Unfinished<WriteCall> => ({
      call: 'write',
      expects: saw === undefined ? 'absent' : { value: saw },
      leaves: name,
      outcome: 'done',
    });
    await this.#record(path, async () => {
      try {
        const { version } = await casUpdate(filesystem, path, codec, apply, { ...options, combine });
        if (!writes) return { call: 'read', saw };
        this.#learn(path, name, version);
        return write();
      } catch (error) {
        return { ...write(), outcome: this.#outcomeOf(error, options) };
      }
    });
  }

  async #record(path: string, call: () => Promise<Told | undefined>): Promise<void> {
    const start = this.#tick();
    const told = await call();
    const end = this.#tick();
    if (told !== undefined) this.events.get(path)?.push({ ...told, start, end });
  }

  #tick(): number {
    this.#clock += 1;
    return this.#clock;
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

  #outcomeOf(error: unknown, options: OperationOptions): WriteCall['outcome'] {
    checkOwn(error, options);
    if (!isHoldfastError(error) || error.outcome === undefined) throw error;
    // Where nobody gives up and nothing breaks, nothing else is a way to fail.
    if (!this.#mix.interrupted && !WAYS_TO_LOSE.includes(error.code)) throw error;
    if (error.outcome === 'unknown') return 'unknown';
    return error.code === 'VERSION_MISMATCH' ? 'refused' : 'not-applied';
  }

  #options(): OperationOptions {
    return optionsOfCallers(this.#mix.interrupted, this.#random);
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
