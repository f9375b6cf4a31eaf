import type { EntriesOptions, Entry, Snapshot } from '@holdfast/core';
import type { PutRequest } from '@holdfast/core/adapter';
import { alone, wrapping, type BrokenAdapter } from './support/broken-adapter.ts';
import { ChangesEntries } from './support/changes.ts';
import { GoodMemory } from './support/good-memory.ts';
import { Passthrough } from './support/passthrough.ts';

class MergesMetadata extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { entry, path } = request;
    const old = await super._get(path);
    const merged = { kind: entry.kind ?? old?.kind, indexed: entry.indexed ?? old?.indexed };
    return super._put({ ...request, entry: { ...entry, ...merged } });
  }
}

class KeepsTheOldContentType extends GoodMemory {
  protected override async _put(request: PutRequest): Promise<void> {
    const { entry, path } = request;
    const old = await super._get(path);
    return super._put({ ...request, entry: { ...entry, contentType: old?.contentType ?? entry.contentType } });
  }
}

class CutsKinds extends ChangesEntries {
  protected override change({ kind }: Entry): { kind: string | undefined } {
    return { kind: kind?.slice(0, 64) };
  }
}

class ReadsTheKindNull extends ChangesEntries {
  protected override change({ kind }: Entry): { kind: string | undefined } {
    return { kind: kind === 'NULL' ? undefined : kind };
  }
}

class DropsKinds extends ChangesEntries {
  protected override change(): { kind: undefined } {
    return { kind: undefined };
  }
}

class DropsParameters extends ChangesEntries {
  protected override change({ contentType }: Entry): { contentType: string } {
    return { contentType: contentType.split(';')[0] as string };
  }
}

class DropsContentTypes extends ChangesEntries {
  protected override change(): { contentType: string } {
    return { contentType: 'application/octet-stream' };
  }
}

class OmitsBodiesInScans extends Passthrough {
  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    for await (const found of super.entries(prefix, options)) yield { ...found, body: new Uint8Array(0) };
  }
}

class OmitsKindsInScans extends Passthrough {
  override async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    for await (const found of super.entries(prefix, options)) yield { ...found, kind: undefined };
  }
}

/** Kinds and content types that come back as something else. */
export const brokenMetadata: readonly BrokenAdapter[] = [
  {
    name: 'merges metadata',
    why: 'UPDATE … SET kind = COALESCE(?, kind): what the new entry does not have stays.',
    createStore: () => alone(new MergesMetadata()),
    caughtBy: ['bytes.replaced-whole'],
  },
  {
    name: 'keeps the old content type',
    why: 'The UPDATE sets the body only.',
    createStore: () => alone(new KeepsTheOldContentType()),
    caughtBy: ['bytes.replaced-whole', 'cas.equal-bytes-only'],
  },
  {
    name: 'cuts kinds',
    why: 'A column of 64 characters in a lenient SQL mode.',
    createStore: () => alone(new CutsKinds()),
    caughtBy: ['bytes.kind'],
  },
  {
    name: 'reads the kind NULL as none',
    why: 'A text format in which NULL is spelt NULL.',
    createStore: () => alone(new ReadsTheKindNull()),
    caughtBy: ['bytes.kind'],
  },
  {
    name: 'drops kinds',
    why: 'Claims records, but has no column for the kind.',
    createStore: () => alone(new DropsKinds()),
    caughtBy: ['gate.first-record', 'bytes.kind', 'cas.equal-write', 'cas.equal-bytes-only'],
  },
  {
    name: 'drops parameters of content types',
    why: 'A store that normalizes media types.',
    createStore: () => alone(new DropsParameters()),
    caughtBy: ['bytes.content-type'],
  },
  {
    name: 'drops content types',
    why: 'Claims content types, but has no column for them.',
    createStore: () => alone(new DropsContentTypes()),
    caughtBy: ['gate.first-content-type', 'bytes.content-type', 'cas.equal-bytes-only'],
  },
  {
    name: 'omits bodies in scans',
    why: 'An index-only scan: metadata without bodies.',
    createStore: () => wrapping((inner) => new OmitsBodiesInScans(inner)),
    caughtBy: ['entries.pages-as-of-now', 'entries.whole'],
  },
  {
    name: 'omits kinds in scans',
    why: 'The SELECT of the scan names fewer columns than that of the read.',
    createStore: () => wrapping((inner) => new OmitsKindsInScans(inner)),
    caughtBy: ['bytes.kind'],
  },
];
