import { isHoldfastError, type RootFilesystem, type Snapshot } from '@holdfast/core';
import { nextTurn } from '../support/barrier.ts';
import { inBatches, numbered } from '../support/batches.ts';
import { file, textOf } from '../support/bodies.ts';
import { check } from '../support/check.ts';
import { randomNumbers } from '../support/random.ts';

const DIRECTORY = '/restless';

/** How many writers there are. Some of them let everything else run between two writes, some write on. */
const WRITERS = 4;

/** How many writes the latter make before they let a timer or an answer come in. */
const WRITES_IN_A_ROW = 8;

/** Lengths of bodies, in repetitions of what says whose they are. */
const LENGTHS = [1, 1, 200, 5_000];

/**
 * A directory in which some entries stay while writers never pause around them. Of those that stay some are written
 * once, and some again and again.
 */
export class RestlessStore {
  readonly directory: string = DIRECTORY;
  /** The paths of the entries that stay, in order. */
  readonly staying: readonly string[];
  /** The direct children that stay, in order; those that are a prefix have what stays, and more, below them. */
  readonly children: readonly { readonly name: string; readonly isPrefix: boolean }[];
  readonly #paths: ReadonlySet<string>;
  readonly #names: ReadonlySet<string>;
  readonly #rewritten: readonly string[];
  readonly #passing: readonly string[];
  readonly #instances: readonly RootFilesystem[];
  readonly #longest: number;
  #writes = 0;
  #done = false;

  constructor(instances: readonly RootFilesystem[], count: number) {
    this.#instances = instances;
    this.#longest = (instances[0] as RootFilesystem).capabilitiesAt(DIRECTORY).maxBodyBytes;
    const names = numbered('s', count);
    this.children = names.map((name, index) => ({ name, isPrefix: index % 3 === 0 }));
    const pathOf = ({ name, isPrefix }: { name: string; isPrefix: boolean }): string =>
      isPrefix ? `${DIRECTORY}/${name}/stays` : `${DIRECTORY}/${name}`;
    this.staying = this.children.map(pathOf);
    this.#rewritten = this.staying.filter((_, index) => index % 4 === 1);
    this.#passing = names.flatMap((name, index) => [
      `${DIRECTORY}/${name}-passing`,
      `${DIRECTORY}/${name}.passing/below`,
      ...(index % 3 === 0 ? [`${DIRECTORY}/${name}/a`, `${DIRECTORY}/${name}/z/deeper`] : []),
    ]);
    this.#paths = new Set([...this.staying, ...this.#passing]);
    this.#names = new Set([...this.#paths].map((path) => path.split('/')[2] as string));
  }

  /** Writes what stays, lets the writers write as long as the work takes, and gives what the work gave. */
  async around(seed: number, work: () => Promise<void>): Promise<void> {
    await inBatches(this.staying, (path) => this.#put(this.#instances[0] as RootFilesystem, path, 1));
    const random = randomNumbers(seed);
    const writers = Array.from({ length: WRITERS }, (_, writer) => this.#writeOn(writer, random));
    try {
      // A writer ends before the work only by failing.
      await Promise.race([work(), ...writers]);
    } finally {
      this.#done = true;
      await Promise.allSettled(writers);
    }
    await Promise.all(writers);
  }

  /** Checks that names are of what stays or passes: nobody else's, not even for the time of a write. */
  checkOwn(names: Iterable<string>): void {
    for (const name of names) check(this.#names.has(name), `nothing but what was put; there was ${name}`);
  }

  /** Checks that an entry is one of these, and whole. */
  checkWhole({ path, body }: Snapshot): void {
    check(this.#paths.has(path), `nothing but what was put; there was ${path}`);
    const text = textOf({ body }) as string;
    const unit = text.slice(0, text.indexOf(';') + 1);
    check(unit.startsWith(`${path} `), `the body of ${path} at its own path`);
    check(text === unit.repeat(text.length / unit.length), `a whole body at ${path}`);
  }

  async #writeOn(writer: number, random: () => number): Promise<void> {
    const filesystem = this.#instances[writer % this.#instances.length] as RootFilesystem;
    const own = this.#passing.filter((_, index) => index % WRITERS === writer);
    const there = new Set<string>();
    for (let write = 0; !this.#done; write += 1) {
      const path = own[Math.floor(random() * own.length)] as string;
      await unlessBusy(() => this.#change(filesystem, path, there));
      if (write % 3 === 0) await unlessBusy(() => this.#rewrite(filesystem, random));
      if (writer % 2 === 0 || write % WRITES_IN_A_ROW === 0) await nextTurn();
    }
  }

  async #change(filesystem: RootFilesystem, path: string, there: Set<string>): Promise<void> {
    if (there.delete(path)) {
      await filesystem.delete(path, 'any');
      return;
    }
    there.add(path);
    await this.#put(filesystem, path, 1);
  }

  #rewrite(filesystem: RootFilesystem, random: () => number): Promise<void> {
    const path = this.#rewritten[Math.floor(random() * this.#rewritten.length)] as string;
    return this.#put(filesystem, path, LENGTHS[Math.floor(random() * LENGTHS.length)] as number);
  }

  async #put(filesystem: RootFilesystem, path: string, repetitions: number): Promise<void> {
    this.#writes += 1;
    const unit = `${path} ${this.#writes};`;
    const most = Math.floor(this.#longest / unit.length);
    await filesystem.put(path, file(unit.repeat(Math.max(1, Math.min(repetitions, most)))), 'any');
  }
}

/** A store that is asked for too much at once may say so. */
async function unlessBusy(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isHoldfastError(error, 'BUSY')) throw error;
  }
}
