import { createHash } from 'node:crypto';
import {
  HoldfastError,
  type CasExpectation,
  type Entry,
  type EntryInput,
  type OperationOptions,
  type PutResult,
  type Snapshot,
  type VirtualPath,
} from '@holdfast/core';
import type { DeleteRequest, PutRequest } from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { ChangesEntries } from './support/changes.ts';
import { GoodMemory, nextTurn } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

class ReadsEmptyAsAbsent extends GoodMemory {
  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    return found?.body.length === 0 ? undefined : found;
  }
}

class DeletesOnEmpty extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    await super._put(request);
    if (request.entry.body.length === 0) await super._delete({ path: request.path, expectation: 'any' });
  }
}

class StoresText extends ChangesEntries {
  protected override change({ body }: Entry): { body: Uint8Array } {
    return { body: new TextEncoder().encode(new TextDecoder().decode(body)) };
  }
}

class EndsAtNul extends ChangesEntries {
  protected override change({ body }: Entry): { body: Uint8Array } {
    const end = body.indexOf(0);
    return end === -1 ? { body } : { body: body.slice(0, end) };
  }
}

class Truncates extends ChangesEntries {
  protected override change({ body }: Entry): { body: Uint8Array } {
    return { body: body.slice(0, 2 ** 17 - 1) };
  }
}

class RefusesTheLimitItself extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    if (request.entry.body.length >= 2 ** 17) throw new HoldfastError('BODY_TOO_LARGE', 'too long');
    return super._put(request);
  }
}

/** Keeps a body of more than a page once, whoever has it, and counts nobody. */
class DropsEqualBodies extends GoodMemory {
  readonly #kept = new Set<string>();

  protected override async _put(request: PutRequest): Promise<void> {
    await super._put(request);
    this.#kept.add(digestOf(request.entry.body));
  }

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    const isGone = found !== undefined && found.body.length > 4096 && !this.#kept.has(digestOf(found.body));
    return isGone ? { ...found, body: new Uint8Array(0) } : found;
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    const found = await super._get(request.path);
    const deleted = await super._delete(request);
    if (deleted && found !== undefined) this.#kept.delete(digestOf(found.body));
    return deleted;
  }
}

function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

class StoresTheWholeBuffer extends Passthrough {
  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const view: unknown = entry?.body;
    if (Object.prototype.toString.call(view) !== '[object Uint8Array]' || entry.body.buffer.byteLength > 100_000) {
      return super.put(path, entry, expectation, options);
    }
    const { buffer } = entry.body as Uint8Array<ArrayBuffer>;
    if (buffer.detached) return super.put(path, entry, expectation, options);
    return super.put(path, { ...entry, body: new Uint8Array(buffer) }, expectation, options);
  }
}

/** Keeps equal bodies once; a put that finds its own there does not put it again, and the last one that has it takes it along. */
class KeepsEqualBodiesOnce extends GoodMemory {
  readonly #bodies = new Map<string, Uint8Array>();
  readonly #hashes = new Map<string, string>();

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    const hash = this.#hashes.get(path);
    if (found === undefined || hash === undefined) return found;
    const body = this.#bodies.get(hash);
    if (body === undefined) throw new HoldfastError('CORRUPT', 'the body of an entry is missing');
    return { ...found, body: new Uint8Array(body) };
  }

  protected override async _put(request: PutRequest): Promise<void> {
    const { path, entry } = request;
    const hash = createHash('sha256').update(entry.body).digest('hex');
    if (!this.#bodies.has(hash)) this.#bodies.set(hash, new Uint8Array(entry.body));
    await nextTurn();
    await super._put(request);
    this.#replace(path, hash);
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    const deleted = await super._delete(request);
    if (deleted) this.#replace(request.path, undefined);
    return deleted;
  }

  #replace(path: string, hash: string | undefined): void {
    const before = this.#hashes.get(path);
    if (hash === undefined) this.#hashes.delete(path);
    else this.#hashes.set(path, hash);
    const isLast = before !== undefined && ![...this.#hashes.values()].includes(before);
    if (isLast) this.#bodies.delete(before);
  }
}

/** Bodies that come back as something else. */
export const brokenBodies: readonly BrokenAdapter[] = [
  {
    name: 'keeps equal bodies once, and looks too early whether there is one',
    why: 'What is there already is not uploaded again, and may be gone by the time somebody refers to it.',
    createStore: () => alone(new KeepsEqualBodiesOnce()),
    caughtBy: ['bytes.equal-meanwhile'],
    perhapsBy: ['race.*', 'cas.*', 'process.*', 'abort.*', 'entries.*', 'list.*', 'bytes.*'],
  },
  {
    name: 'reads an empty body as absent',
    why: 'if (!body.length) return undefined.',
    createStore: () => alone(new ReadsEmptyAsAbsent()),
    caughtBy: ['bytes.empty', 'bytes.replaced-whole'],
  },
  {
    name: 'deletes on an empty body',
    why: 'A key-value store in which an empty value is no value.',
    createStore: () => alone(new DeletesOnEmpty()),
    caughtBy: ['bytes.empty', 'bytes.replaced-whole'],
  },
  {
    name: 'stores text',
    why: 'A TEXT column: bytes that are not UTF-8 become replacement characters.',
    createStore: () => alone(new StoresText()),
    caughtBy: ['bytes.every-value'],
  },
  {
    name: 'ends at NUL',
    why: 'A driver that binds the body as a C string.',
    createStore: () => alone(new EndsAtNul()),
    caughtBy: ['bytes.every-value'],
  },
  {
    name: 'truncates the largest body',
    why: 'A column that is one byte shorter than maxBodyBytes, in a lenient SQL mode.',
    createStore: () => alone(new Truncates()),
    caughtBy: ['bytes.largest'],
  },
  {
    name: 'refuses the limit itself',
    why: 'A limit checked with >= where > was meant.',
    createStore: () => alone(new RefusesTheLimitItself()),
    caughtBy: ['bytes.largest'],
  },
  {
    name: 'drops equal bodies',
    why: 'Bodies are kept by their hash, and whose last owner has gone is not looked at.',
    createStore: () => alone(new DropsEqualBodies()),
    perhapsBy: ['bytes.equal-meanwhile', 'race.*', 'list.*', 'entries.*'],
    caughtBy: ['bytes.equal'],
  },
  {
    name: 'stores the whole buffer',
    why: 'new Uint8Array(body.buffer) forgets where the view begins and ends.',
    createStore: () => wrapping((inner) => new StoresTheWholeBuffer(inner)),
    caughtBy: ['bytes.views'],
  },
];
