import type { CasExpectation, EntryInput, OperationOptions, PutResult, Snapshot, VirtualPath } from '@holdfast/core';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { ChangesSnapshots } from './support/changes.ts';
import { GoodMemory, nextTurn } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

class KeepsTheCallersBuffer extends Passthrough {
  readonly #kept = new Map<string, Uint8Array>();

  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const result = await super.put(path, entry, expectation, options);
    this.#kept.set(String(result.version), entry.body);
    return result;
  }

  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    const found = await super.get(path, options);
    const kept = this.#kept.get(String(found?.version));
    return found && { ...found, body: kept === undefined ? found.body : new Uint8Array(kept) };
  }
}

class CopiesLate extends Passthrough {
  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    await nextTurn();
    return super.put(path, entry, expectation, options);
  }
}

class HandsOutItsBuffer extends GoodMemory {
  readonly #bodies = new Map<string | undefined, Uint8Array>();

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    if (found === undefined) return undefined;
    const body = this.#bodies.get(found.version) ?? found.body;
    this.#bodies.set(found.version, body);
    return { ...found, body };
  }
}

class AnswersFromAPool extends ChangesSnapshots {
  protected override change({ body }: Snapshot): { body: Uint8Array } {
    const pool = new Uint8Array(body.length + 64);
    pool.set(body, 32);
    return { body: pool.subarray(32, 32 + body.length) };
  }
}

class AnswersBuffers extends ChangesSnapshots {
  protected override change({ body }: Snapshot): { body: Uint8Array } {
    return { body: Buffer.from(body.buffer as ArrayBuffer) };
  }
}

/** Memory that belongs to two. */
export const brokenAliases: readonly BrokenAdapter[] = [
  {
    name: "keeps the caller's buffer",
    why: 'A cache that stores the array it was given.',
    createStore: () => wrapping((inner) => new KeepsTheCallersBuffer(inner)),
    caughtBy: ['bytes.put-copies'],
  },
  {
    name: 'copies late',
    why: 'A queue that copies the body when its turn comes, not when put is called.',
    createStore: () => wrapping((inner) => new CopiesLate(inner)),
    caughtBy: ['bytes.put-copies', 'bytes.indexed-copies'],
  },
  {
    name: 'hands out its own buffer',
    why: 'A cache that gives the array it stores.',
    createStore: () => alone(new HandsOutItsBuffer()),
    caughtBy: ['get-many.own-bytes', 'bytes.get-copies'],
  },
  {
    name: 'answers from a pool',
    why: "A driver whose bodies are views of a shared pool: whoever sends body.buffer sends somebody else's data.",
    createStore: () => alone(new AnswersFromAPool()),
    caughtBy: ['get-many.places', 'bytes.own-memory'],
  },
  {
    name: 'answers Buffers',
    why: "Node's Buffer overrides slice, and toString, and JSON.",
    createStore: () => alone(new AnswersBuffers()),
    caughtBy: ['get-many.places', 'bytes.own-memory'],
  },
];
