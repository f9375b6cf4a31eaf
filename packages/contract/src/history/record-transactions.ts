import {
  commit,
  isHoldfastError,
  transact,
  type ErrorCode,
  type OperationOptions,
  type RecordCodec,
  type RootFilesystem,
  type Transaction,
} from '@holdfast/core';
import { stopIfAbandoned } from '../running/current-run.ts';
import { file, textOf } from '../support/bodies.ts';
import { puts } from '../support/commits.ts';
import { randomNumbers } from '../support/random.ts';
import { checkOwn, GAVE_UP, orGivenUp } from './given-up.ts';
import { counting, type Now } from './now.ts';
import { optionsOfCallers } from './options-of-callers.ts';
import type { TransactionEvent } from './transaction-event.ts';

/** What several workers do at once. Survives JSON. */
export interface TransactionMix {
  /** What their transactions are called, before a number. */
  readonly name: string;
  readonly workers: number;
  /** How many transactions each of them makes. */
  readonly transactions: number;
  readonly seed: number;
  /** The paths they work on, all in one directory; the first ones most. */
  readonly paths: readonly string[];
  /** Whether callers give up: by a signal or a deadline, at any moment. */
  readonly interrupted: boolean;
  /** The longest that one waits who gives up, in milliseconds; by default 3. */
  readonly patienceMs?: number;
  /** Whether what carries the calls fails, such as a connection: then an error that says so is an answer too. */
  readonly unreliable?: boolean;
}

/** How a transaction can end that is not done, of many at once, the last two where a store is asked for too much. */
const WAYS_TO_LOSE: readonly ErrorCode[] = ['RETRIES_EXHAUSTED', 'VERSION_MISMATCH', 'BUSY', 'TIMEOUT'];

/** The most paths that one transaction reads. */
const MOST_READ = 4;

/** A record that is its own text. */
const codec: RecordCodec<string> = {
  encode: (text) => file(text),
  decode: (snapshot) => textOf(snapshot) as string,
};

/** What one run of a function did. */
interface Attempt {
  readonly reads: Record<string, string | undefined>;
  readonly writes: Record<string, string | undefined>;
}

/**
 * Lets workers make random transactions on a few keys, each on an instance of its own where there are several: reads and
 * writes of one and of several records, single writes and pages among them; and records what each saw and left, each run of
 * a function that was run again by itself. The seed decides who does what; when it happens is up to the backend.
 */
export async function recordTransactions(
  instances: readonly RootFilesystem[],
  mix: TransactionMix,
  now: Now = counting(),
): Promise<TransactionEvent[]> {
  const recorder = new Recorder(mix, now);
  const worker = async (filesystem: RootFilesystem, name: string): Promise<void> => {
    for (let transaction = 0; transaction < mix.transactions; transaction += 1) {
      stopIfAbandoned();
      await recorder.transaction(filesystem, `${name}.${transaction}`);
    }
  };
  const workers = Array.from({ length: mix.workers }, (_, index) =>
    worker(instances[index % instances.length] as RootFilesystem, `${mix.name}${index}`),
  );
  await Promise.all(workers);
  return recorder.events;
}

/** Reads all there is, as transactions that come after all others. */
export async function recordLastReads(
  instances: readonly RootFilesystem[],
  paths: readonly string[],
  others: readonly TransactionEvent[],
): Promise<TransactionEvent[]> {
  const mix: TransactionMix = { name: 'last', workers: 0, transactions: 0, seed: 0, paths, interrupted: false };
  const recorder = new Recorder(mix, counting(others.reduce((latest, { end }) => Math.max(latest, end), 0)));
  for (const [index, filesystem] of instances.entries()) {
    await recorder.page(filesystem, `last page ${index}`);
    for (const path of paths) await recorder.get(filesystem, `last ${index} of ${path}`, path);
  }
  return recorder.events;
}

class Recorder {
  readonly events: TransactionEvent[] = [];
  readonly #mix: TransactionMix;
  readonly #random: () => number;
  readonly #now: Now;

  constructor(mix: TransactionMix, now: Now) {
    this.#mix = mix;
    this.#now = now;
    this.#random = randomNumbers(mix.seed);
  }

  /** Makes one random transaction. */
  async transaction(filesystem: RootFilesystem, name: string): Promise<void> {
    const drawn = this.#random();
    const some = this.#some(2);
    const [path = ''] = some;
    const options = optionsOfCallers(this.#mix, this.#random);
    if (drawn < 0.06) return this.get(filesystem, name, path);
    if (drawn < 0.12) return this.page(filesystem, name);
    if (drawn < 0.15) {
      const put = async () => void (await filesystem.put(path, file(name), 'any', options));
      return this.#single(name, { [path]: name }, options, put);
    }
    if (drawn < 0.18) {
      const changes = some.map((one) => puts(one, name));
      const both = async () => void (await commit(filesystem, changes, options));
      return this.#single(name, Object.fromEntries(some.map((one) => [one, name])), options, both);
    }
    return this.#transact(filesystem, name, options);
  }

  /** Reads one key, which is a transaction by itself. */
  async get(filesystem: RootFilesystem, name: string, path: string): Promise<void> {
    const start = this.#now();
    const snapshot = await orGivenUp(filesystem.get(path), {}, this.#mix.unreliable);
    if (snapshot === GAVE_UP) return;
    const saw = textOf(snapshot);
    this.#add({ name, reads: { [path]: saw }, writes: {}, start, end: this.#now(), outcome: 'committed' });
  }

  /** Reads a page, which is of one moment too. */
  async page(filesystem: RootFilesystem, name: string): Promise<void> {
    const reads: Attempt['reads'] = Object.fromEntries(this.#mix.paths.map((path) => [path, undefined]));
    const [path = ''] = this.#mix.paths;
    const start = this.#now();
    const look = async (): Promise<void> => {
      const page = filesystem.entries(path.slice(0, path.lastIndexOf('/')), { pageSize: 1000 });
      for await (const entry of page) reads[entry.path] = textOf(entry);
    };
    if ((await orGivenUp(look(), {}, this.#mix.unreliable)) === GAVE_UP) return;
    this.#add({ name, reads, writes: {}, start, end: this.#now(), outcome: 'committed' });
  }

  /** A write that reads nothing. */
  async #single(
    name: string,
    writes: Attempt['writes'],
    options: OperationOptions,
    write: () => Promise<void>,
  ): Promise<void> {
    const start = this.#now();
    const outcome = await write().then(
      () => 'committed' as const,
      (error: unknown) => this.#outcomeOf(error, options),
    );
    this.#add({ name, reads: {}, writes, start, end: this.#now(), outcome });
  }

  async #transact(filesystem: RootFilesystem, name: string, options: OperationOptions): Promise<void> {
    const drawn = this.#random();
    const paths = this.#some(1 + Math.floor(this.#random() * MOST_READ));
    const unread = this.#some(1).filter((path) => !paths.includes(path));
    const written = drawn < 0.25 ? [] : paths.slice(0, 1 + Math.floor(this.#random() * paths.length));
    // Now and then one that it has not read, so that whatever is there is replaced.
    const all = drawn < 0.95 ? written : [...written, ...unread];
    const deletes = this.#random() < 0.2;
    const own = new Error('thrown on purpose');
    const throws = this.#random() < 0.08;
    const attempts: Attempt[] = [];
    const run = async (transaction: Transaction): Promise<void> => {
      const attempt: Attempt = { reads: {}, writes: {} };
      attempts.push(attempt);
      for (const path of paths) attempt.reads[path] = await transaction.get(path, codec);
      if (throws) throw own;
      for (const [index, path] of all.entries()) {
        const value = `${name}.${attempts.length}`;
        if (deletes && index === 0) await transaction.delete(path);
        else await transaction.put(path, codec, value);
        attempt.writes[path] = deletes && index === 0 ? undefined : value;
      }
    };
    const start = this.#now();
    const outcome = await transact(filesystem, run, options).then(
      () => 'committed' as const,
      // Who throws has seen what was there together.
      (error: unknown) => (error === own ? ('committed' as const) : this.#outcomeOf(error, options)),
    );
    const end = this.#now();
    for (const [index, attempt] of attempts.entries()) {
      const isLast = index === attempts.length - 1;
      this.#add({ name: `${name}.${index + 1}`, ...attempt, start, end, outcome: isLast ? outcome : 'not-applied' });
    }
  }

  #add(event: TransactionEvent): void {
    this.events.push(event);
  }

  /** Some paths, each once, the first ones of all more often than the others. */
  #some(count: number): string[] {
    const { paths } = this.#mix;
    const drawn = Array.from({ length: count }, () => paths[Math.floor(this.#random() ** 2 * paths.length)] as string);
    return [...new Set(drawn)];
  }

  #outcomeOf(error: unknown, options: OperationOptions): 'not-applied' | 'unknown' {
    checkOwn(error, options);
    if (!isHoldfastError(error) || error.outcome === undefined) throw error;
    // Where nobody gives up and nothing breaks, nothing else is a way to fail.
    const { interrupted, unreliable } = this.#mix;
    if (!interrupted && unreliable !== true && error.outcome === 'not-applied' && !WAYS_TO_LOSE.includes(error.code))
      throw error;
    return error.outcome;
  }
}
