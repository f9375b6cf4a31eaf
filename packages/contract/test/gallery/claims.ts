import type {
  Capabilities,
  CasExpectation,
  EntryInput,
  OperationOptions,
  PutResult,
  Snapshot,
  VirtualPath,
} from '@holdfast/core';
import { shared, wrapping, wrappingShared, type BrokenAdapter } from './support/broken-adapter.ts';
import { Passthrough } from './support/passthrough.ts';
import { BYTES_ONLY, SharedMemory } from './support/shared-memory.ts';

class AnswersVersions extends Passthrough {
  override async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    const found = await super.get(path, options);
    return found && ({ ...found, version: 'mtime-1' } as Snapshot);
  }
}

class DoesNotKnowYet extends Passthrough {
  #written = false;

  override capabilitiesAt(path: string): Capabilities {
    const claims = super.capabilitiesAt(path);
    return this.#written ? { ...claims, durability: 'process-crash' } : claims;
  }

  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    this.#written = true;
    return super.put(path, entry, expectation, options);
  }
}

class TakesLongerPathsThanItSays extends Passthrough {
  override capabilitiesAt(path: string): Capabilities {
    return { ...super.capabilitiesAt(path), maxPathBytes: 600 };
  }
}

class KnowsOnlyWhatExists extends Passthrough {
  override capabilitiesAt(path: string): Capabilities {
    const claims = super.capabilitiesAt(path);
    return path.startsWith('/no/such') ? (undefined as unknown as Capabilities) : claims;
  }
}

class InventsMetadata extends SharedMemory {
  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    return found && { ...found, kind: 'file', contentType: 'text/plain', indexed: { size: found.body.length } };
  }
}

/** Claims that are not the whole truth. */
export const brokenClaims: readonly BrokenAdapter[] = [
  {
    name: 'takes longer paths than it says',
    why: 'A prefix that is counted in what is claimed, and forgotten where paths are checked.',
    createStore: () => wrapping((inner) => new TakesLongerPathsThanItSays(inner)),
    caughtBy: ['path.longest'],
  },
  {
    name: 'answers versions without having any',
    why: 'The time of modification passes for a version.',
    createStore: () => wrappingShared((inner) => new AnswersVersions(inner), BYTES_ONLY),
    caughtBy: ['expectation.put-any-on-*', 'version.*', 'entries.whole', 'race.put-version', 'race.history'],
  },
  {
    name: 'invents metadata',
    why: 'Guesses from the name what was never said.',
    createStore: () => shared((store) => new InventsMetadata(store, BYTES_ONLY)),
    caughtBy: ['bytes.replaced-whole', 'bytes.kind', 'bytes.content-type', 'bytes.indexed', 'path.nasty'],
    perhapsBy: ['durability.killed-idle', 'durability.killed-busy', 'durability.reopen-many'],
  },
  {
    name: 'does not know yet what it can',
    why: 'Capabilities that are negotiated with the first call.',
    createStore: () => wrapping((inner) => new DoesNotKnowYet(inner)),
    caughtBy: ['gate.always-known'],
  },
  {
    name: 'knows only what exists',
    why: 'Looks the path up in a table of mounts and has no answer for the rest.',
    createStore: () => wrapping((inner) => new KnowsOnlyWhatExists(inner)),
    caughtBy: ['gate.always-known'],
  },
];
