/**
 * What lets a child process write to a store that lives in the memory of this one: a journal, which is read when the
 * store is next opened. Only one of the two may have the store open at a time.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RootFilesystem } from '@holdfast/core';
import type { PutRequest } from '@holdfast/core/adapter';
import type { ContractStore } from '../../../src/index.ts';
import { GoodMemory } from './good-memory.ts';

/** A store that a child process can write to while it is closed here. */
export function withChild(store: ContractStore): ContractStore {
  const journal = join(tmpdir(), `holdfast-gallery-${randomUUID()}`);
  return {
    ...store,
    async open() {
      const filesystem = await store.open();
      for (const [path, body] of await take(journal)) await filesystem.put(path, { body }, 'any');
      return filesystem;
    },
    child: { module: import.meta.url, input: journal },
    async destroy() {
      await take(journal);
      await store.destroy();
    },
  };
}

/** What is in the journal, which is empty afterwards. */
async function take(journal: string): Promise<[path: string, body: Uint8Array][]> {
  // Most stores have none, and should not have to wait for a disk.
  if (!existsSync(journal)) return [];
  const text = await readFile(journal, 'utf8');
  await rm(journal);
  return (
    text
      .split('\n')
      // What comes after the last line break was never acknowledged: whoever wrote it was killed meanwhile.
      .slice(0, -1)
      .map((line) => {
        const [path = '', body = ''] = line.split(' ');
        return [path, Buffer.from(body, 'base64')];
      })
  );
}

/** Writes bodies to the journal before it acknowledges them. */
class Journals extends GoodMemory {
  readonly #journal: string;

  constructor(journal: string) {
    super();
    this.#journal = journal;
  }

  protected override async _put(request: PutRequest): Promise<void> {
    await super._put(request);
    appendFileSync(this.#journal, `${request.path} ${Buffer.from(request.entry.body).toString('base64')}\n`);
  }
}

/** Opens the journal; this is what child processes call. */
export async function open(input: unknown): Promise<RootFilesystem> {
  return new Journals(input as string);
}
