/**
 * What lets a child process write to a store that lives in the memory of this one: a journal, which is read when the
 * store is next opened. Only one of the two may have the store open at a time.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EntryInput, RootFilesystem } from '@holdfast/core';
import type { CommitRequest, DeleteRequest, PutRequest } from '@holdfast/core/adapter';
import type { ContractStore } from '../../../src/index.ts';
import { GoodCommits } from './good-commits.ts';
import { nextTurn } from './good-memory.ts';

/** What is wrong with how a child process writes. */
export type JournalFlaw = 'none' | 'has room for one line' | 'goes on behind half a line';

interface JournalInput {
  readonly journal: string;
  readonly flaw: JournalFlaw;
}

/** A store that a child process can write to while it is closed here. */
export function withChild(store: ContractStore, flaw: JournalFlaw = 'none'): ContractStore {
  const journal = join(tmpdir(), `holdfast-gallery-${randomUUID()}`);
  return {
    ...store,
    async open() {
      const filesystem = await store.open();
      for (const { path, entry } of await take(journal, flaw)) {
        if (entry === undefined) await filesystem.delete(path, 'any');
        else await filesystem.put(path, entry, 'any');
      }
      return filesystem;
    },
    child: { module: import.meta.url, input: { journal, flaw } satisfies JournalInput },
    async destroy() {
      await take(journal);
      await store.destroy();
    },
  };
}

/** A change that the journal has: a put, or a delete. */
interface Line {
  readonly path: string;
  readonly entry: EntryInput | undefined;
}

/** A change as it is written. */
interface Written {
  readonly path: string;
  readonly entry?: Omit<EntryInput, 'body'> & { readonly body: string };
}

/** What is in the journal, which is empty afterwards. */
async function take(journal: string, flaw: JournalFlaw = 'none'): Promise<Line[]> {
  // Most stores have none, and should not have to wait for a disk.
  if (!existsSync(journal)) return [];
  const text = await readFile(journal, 'utf8');
  await rm(journal);
  const lines = text.split('\n');
  // What comes after the last line break was never acknowledged: whoever wrote it was killed meanwhile.
  const half = lines.pop();
  const goesOn = flaw === 'goes on behind half a line';
  if (goesOn && half !== '') writeFileSync(journal, half as string);
  return lines
    .filter((line) => !goesOn || isWhole(line))
    .map((line) => JSON.parse(line) as Written | { readonly changes: readonly Written[] })
    .flatMap((line) => ('changes' in line ? line.changes : [line]))
    .map(({ path, entry }) => ({ path, entry: entry && { ...entry, body: Buffer.from(entry.body, 'base64') } }));
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Writes what it does to the journal before it acknowledges it. */
class Journals extends GoodCommits {
  protected readonly journal: string;

  constructor(journal: string) {
    super();
    this.journal = journal;
  }

  protected override async _put(request: PutRequest): Promise<void> {
    await super._put(request);
    await this.write(writtenOf(request));
  }

  // On one line, so that it is there as a whole or not at all.
  protected override async _commit(request: CommitRequest): Promise<void> {
    await super._commit(request);
    const changes = request.changes.filter(({ change }) => change !== 'check');
    await this.write({
      changes: changes.map((change) => (change.change === 'put' ? writtenOf(change) : { path: change.path })),
    });
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    const deleted = await super._delete(request);
    await this.write({ path: request.path });
    return deleted;
  }

  protected async write(line: object): Promise<void> {
    appendFileSync(this.journal, `${JSON.stringify(line)}\n`);
  }
}

function writtenOf({ path, entry: { body, kind, contentType, indexed } }: PutRequest): Written {
  return { path, entry: { body: Buffer.from(body).toString('base64'), kind, contentType, indexed } };
}

/** Writes in the next turn what comes in one, but has room for one line. */
class HasRoomForOneLine extends Journals {
  #line: object | undefined;

  protected override async write(line: object): Promise<void> {
    this.#line = line;
    await nextTurn();
    const last = this.#line;
    this.#line = undefined;
    if (last !== undefined) await super.write(last);
  }
}

/**
 * How long it takes to write a long line, of which the first half is there before, in milliseconds: longer than a process may
 * have to wait for a processor, so that it is killed in the midst of one.
 */
const LONG_LINE_MS = 30;
const LONG = 100_000;

/** Writes one line after the other, long ones in two halves. */
class WritesInHalves extends Journals {
  #tail: Promise<void> = Promise.resolve();

  protected override write(line: object): Promise<void> {
    this.#tail = this.#tail.then(() => this.#writeHalves(`${JSON.stringify(line)}\n`));
    return this.#tail;
  }

  async #writeHalves(text: string): Promise<void> {
    const half = text.length < LONG ? text.length : text.length / 2;
    appendFileSync(this.journal, text.slice(0, half));
    if (half < text.length) await delay(LONG_LINE_MS);
    appendFileSync(this.journal, text.slice(half));
  }
}

/** Opens the journal; this is what child processes call. */
export async function open(input: unknown): Promise<RootFilesystem> {
  const { journal, flaw } = input as JournalInput;
  if (flaw === 'has room for one line') return new HasRoomForOneLine(journal);
  return flaw === 'goes on behind half a line' ? new WritesInHalves(journal) : new Journals(journal);
}
