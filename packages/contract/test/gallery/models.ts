import { HoldfastError, type Snapshot, type VirtualPath } from '@holdfast/core';
import type { DeleteRequest, OperationContext, PathRange, PutRequest, ScanContext } from '@holdfast/core/adapter';
import { inAFile } from './processes.ts';
import { alone, shared, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory, nextTurn } from './support/good-memory.ts';
import { SharedMemory } from './support/shared-memory.ts';

/** Does not write what it takes for the same. */
class ComparesBodiesAndKinds extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { path, entry, expectation } = request;
    const before = await super._get(path);
    const same = before?.kind === entry.kind && Buffer.compare(before?.body ?? Buffer.of(0), entry.body) === 0;
    if (before === undefined || !same || entry.contentType === before.contentType) return super._put(request);
    const { contentType: type, indexed } = before;
    await super._put({ ...request, expectation, entry: { ...entry, contentType: type, indexed } });
  }
}

/** Keeps large bodies for the next reader, and hears only of its own writes. */
class CachesLargeBodies extends SharedMemory {
  readonly #cache = new Map<string, Snapshot>();

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = this.#cache.get(path) ?? (await super._get(path));
    if (found !== undefined && found.body.length > 4096) this.#cache.set(path, found);
    return found && { ...found, body: new Uint8Array(found.body) };
  }

  protected override async _put(request: PutRequest): Promise<void> {
    this.#cache.delete(request.path);
    return super._put(request);
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    this.#cache.delete(request.path);
    return super._delete(request);
  }
}

/** Remembers the content type of each path. */
class RemembersContentTypes extends SharedMemory {
  readonly #types = new Map<string, string>();

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    if (found === undefined) return undefined;
    const contentType = this.#types.get(path) ?? found.contentType;
    this.#types.set(path, contentType);
    return { ...found, contentType };
  }

  protected override async _put(request: PutRequest): Promise<void> {
    await super._put(request);
    this.#types.set(request.path, request.entry.contentType);
  }
}

/** Asks for what is behind a cursor in pieces of 256, and takes the second for the last. */
class ReadsTwoPieces extends GoodMemory {
  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    return super._scan(range, Math.min(limit, 512), context);
  }
}

/** Finds the paths of a page first and reads the entries afterwards; what is gone by then makes the page look last. */
class ReadsKeysFirst extends GoodMemory {
  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const keys = (await super._scan(range, limit, context)).map(({ path }) => path);
    await nextTurn();
    const found = await Promise.all(keys.map((path) => super._get(path)));
    return found.filter((snapshot) => snapshot !== undefined);
  }
}

/** Takes a write out of its queue when the caller gives up, but not where it matters. */
class ForgetsToTakeBack extends GoodMemory {
  protected override async _put(request: PutRequest, context?: OperationContext): Promise<void> {
    const written = nextTurn().then(() => super._put(request));
    const takenBack = new Promise<never>((_resolve, reject) => {
      context?.signal.addEventListener('abort', () =>
        reject(new HoldfastError('ABORTED', 'taken back', { outcome: 'not-applied' })),
      );
    });
    await Promise.race([written, takenBack]);
  }
}

/** Does together what comes in one turn, and answers all of it what the last one is answered. */
class AnswersTogether extends GoodMemory {
  #batch: Promise<{ failed?: unknown }>[] = [];

  protected override async _put(request: PutRequest): Promise<void> {
    const batch = this.#batch;
    batch.push(
      super._put(request).then(
        () => ({}),
        (failed: unknown) => ({ failed }),
      ),
    );
    await nextTurn();
    this.#batch = [];
    const last = (await Promise.all(batch)).at(-1);
    if (last?.failed !== undefined) throw last.failed;
  }
}

/** What instances keep apart from the entries: bodies that were uploaded over others. */
class DropsUploads extends SharedMemory {
  readonly #staged = new Set<string>();

  protected override async _put(request: PutRequest): Promise<void> {
    const overwrites = this.stored.get(request.path) !== undefined;
    await super._put(request);
    if (overwrites && request.entry.body.length > 4096) this.#staged.add(request.path);
  }

  protected override async _close(): Promise<void> {
    for (const path of this.#staged) {
      const entry = this.stored.get(path);
      if (entry !== undefined) this.stored.set(path, { ...entry, body: new Uint8Array(0) });
    }
  }
}

/** What only shows in a combination that nobody wrote a scenario for. */
export const brokenCombinations: readonly BrokenAdapter[] = [
  {
    name: 'takes an entry for unchanged by its body and kind',
    why: 'A comparison that leaves a part of the entry out saves a write, and loses the change of that part.',
    createStore: () => alone(new ComparesBodiesAndKinds()),
    caughtBy: ['model.sequence', 'cas.equal-bytes-only'],
  },
  {
    name: 'keeps large bodies for the next reader',
    why: 'A cache in front of a store that others write to, for what is worth it only.',
    createStore: () => shared((store) => new CachesLargeBodies(store)),
    caughtBy: ['model.calls'],
  },
  {
    name: 'keeps content types for the next reader',
    why: 'What seldom changes is remembered, and forgotten only when the instance itself changes it.',
    createStore: () => shared((store) => new RemembersContentTypes(store)),
    caughtBy: ['model.instances'],
  },
  {
    name: 'reads at most two pieces of a page',
    why: 'A store that answers in pieces, of which a loop that was written for a test takes as many as the test had.',
    createStore: () => alone(new ReadsTwoPieces()),
    caughtBy: ['model.many', 'entries.many'],
  },
  {
    name: 'reads the paths of a page first and the entries afterwards',
    why: 'An entry that is deleted in between makes the page shorter than asked for, and the iteration ends with it.',
    createStore: () => alone(new ReadsKeysFirst()),
    caughtBy: ['entries.restless-writers'],
    // Which calls meet is up to the machine.
    perhapsBy: ['model.calls', 'list.restless-writers'],
  },
  {
    name: 'says that a write was taken back when its caller gave up',
    why: 'The caller is answered when it gives up, and the write that waited is done in its turn.',
    createStore: () => alone(new ForgetsToTakeBack()),
    caughtBy: ['model.interrupted-calls', 'abort.every-moment'],
  },
  {
    name: 'answers together what is done together',
    why: 'A group of writes is sent as one request, whose answer is taken for that of each.',
    createStore: () => alone(new AnswersTogether()),
    caughtBy: ['model.sequence', 'model.beside'],
    perhapsBy: ['race.*', 'cas.*', 'reply.cas-exact'],
  },
  {
    name: 'drops uploads that others read when it is closed',
    why: 'What an instance has uploaded and not used is removed by its close, also what was used in a way somebody forgot.',
    createStore: () => shared((store) => new DropsUploads(store)),
    caughtBy: ['durability.reopen-many'],
    perhapsBy: ['close.writes-under-way', 'durability.*', 'abort.every-moment'],
  },
  {
    name: 'knows one content type in other processes',
    why: 'An older release, which runs beside the new one during a deployment, knows nothing of a column.',
    createStore: () => inAFile('none', { flawOfChildren: 'knows one content type' }),
    caughtBy: ['model.processes'],
  },
];
