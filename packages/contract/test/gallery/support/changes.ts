import type { Entry, Snapshot, VirtualPath } from '@holdfast/core';
import type { PathRange, PutRequest, ScanContext } from '@holdfast/core/adapter';
import { GoodMemory } from './good-memory.ts';

/** Stores something else than what it was given. */
export abstract class ChangesEntries extends GoodMemory {
  protected abstract change(entry: Entry): Partial<Entry>;

  protected override _put(request: PutRequest): Promise<void> {
    const { entry } = request;
    return super._put({ ...request, entry: { ...entry, ...this.change(entry) } });
  }
}

/** Answers something else than what it stored. */
export abstract class ChangesSnapshots extends GoodMemory {
  protected abstract change(found: Snapshot): Partial<Snapshot>;

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    return found && { ...found, ...this.change(found) };
  }

  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    return (await super._scan(range, limit, context)).map((found) => ({ ...found, ...this.change(found) }));
  }
}
