import type {
  CasExpectation,
  Entry,
  EntryInput,
  IndexedProjection,
  IndexedScalar,
  OperationOptions,
  PutResult,
  Snapshot,
} from '@holdfast/core';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { ChangesEntries, ChangesSnapshots } from './support/changes.ts';
import { Passthrough } from './support/passthrough.ts';

class DropsIndexes extends ChangesEntries {
  protected override change(): { indexed: undefined } {
    return { indexed: undefined };
  }
}

class InventsIndexes extends ChangesSnapshots {
  protected override change({ indexed }: Snapshot): { indexed: IndexedProjection } {
    return { indexed: indexed ?? {} };
  }
}

/** Changes each value of the index on its way in. */
abstract class ChangesValues extends ChangesEntries {
  protected abstract value(value: IndexedScalar): IndexedScalar;

  protected override change({ indexed }: Entry): { indexed: IndexedProjection | undefined } {
    if (indexed === undefined) return { indexed };
    const changed = Object.entries(indexed).map(([key, value]) => [key, this.value(value)] as const);
    return { indexed: Object.freeze(Object.fromEntries(changed)) };
  }
}

class KeepsTheCallersIndex extends Passthrough {
  readonly #kept = new Map<string | undefined, IndexedProjection>();

  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const result = await super.put(path, entry, expectation, options);
    if (entry.indexed !== undefined) this.#kept.set(result.version, entry.indexed);
    return result;
  }

  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    const found = await super.get(path, options);
    return found && { ...found, indexed: this.#kept.get(found.version) ?? found.indexed };
  }
}

class IndexesFloats extends ChangesValues {
  protected override value(value: IndexedScalar): IndexedScalar {
    return typeof value === 'number' ? Math.fround(value) : value;
  }
}

class IndexesBooleansAsNumbers extends ChangesValues {
  protected override value(value: IndexedScalar): IndexedScalar {
    return typeof value === 'boolean' ? Number(value) : value;
  }
}

class IndexesStrings extends ChangesValues {
  protected override value(value: IndexedScalar): IndexedScalar {
    return value === null ? null : String(value);
  }
}

/** Indexed projections that come back as something else. */
export const brokenIndexes: readonly BrokenAdapter[] = [
  {
    name: 'drops indexes',
    why: 'Claims indexed projections, but does not write them.',
    createStore: () => alone(new DropsIndexes()),
    caughtBy: ['gate.first-indexed', 'bytes.indexed-copies', 'bytes.indexed', 'cas.equal-bytes-only'],
  },
  {
    name: 'invents indexes',
    why: "A JSON column with DEFAULT '{}', so that no projection and an empty one are the same.",
    createStore: () => alone(new InventsIndexes()),
    caughtBy: ['bytes.replaced-whole', 'cas.equal-write', 'cas.equal-bytes-only'],
  },
  {
    name: "keeps the caller's index",
    why: 'A cache that stores the object it was given.',
    createStore: () => wrapping((inner) => new KeepsTheCallersIndex(inner)),
    caughtBy: ['bytes.indexed-copies'],
  },
  {
    name: 'indexes floats',
    why: 'A REAL column of four bytes.',
    createStore: () => alone(new IndexesFloats()),
    caughtBy: ['bytes.indexed'],
  },
  {
    name: 'indexes booleans as numbers',
    why: 'SQLite has no booleans.',
    createStore: () => alone(new IndexesBooleansAsNumbers()),
    caughtBy: ['bytes.indexed'],
  },
  {
    name: 'indexes strings',
    why: 'A key-value table whose values are text.',
    createStore: () => alone(new IndexesStrings()),
    caughtBy: ['gate.first-indexed', 'bytes.indexed', 'cas.equal-bytes-only'],
  },
];
