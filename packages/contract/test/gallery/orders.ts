import type { Child, DirectoryPath, Snapshot } from '@holdfast/core';
import {
  compareCodePoints,
  type ListRequest,
  type OperationContext,
  type PathRange,
  type ScanContext,
} from '@holdfast/core/adapter';
import { alone, type BrokenAdapter } from './support/broken-adapter.ts';
import { GoodMemory } from './support/good-memory.ts';

/** Orders by something else, but pages by code points. */
abstract class OrdersOtherwise extends GoodMemory {
  protected abstract compare(a: string, b: string): number;

  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const all = await super._scan(range, Infinity, context);
    return all.toSorted((a, b) => this.compare(a.path, b.path)).slice(0, limit);
  }

  protected override async _list(
    directory: DirectoryPath,
    { after, limit }: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const all = await super._list(directory, { after, limit: Infinity }, context);
    return all.toSorted((a, b) => this.compare(a.name, b.name)).slice(0, limit);
  }
}

class OrdersByUtf16 extends OrdersOtherwise {
  protected override compare(a: string, b: string): number {
    return a < b ? -1 : 1;
  }
}

class OrdersByLocale extends OrdersOtherwise {
  readonly #collator = new Intl.Collator('en');

  protected override compare(a: string, b: string): number {
    return this.#collator.compare(a, b);
  }
}

class OrdersByWholePaths extends GoodMemory {
  protected override async _list(
    directory: DirectoryPath,
    { after, limit }: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const all = await super._list(directory, { after, limit: Infinity }, context);
    const key = ({ name, isEntry }: Child): string => (isEntry ? name : `${name}/`);
    return all.toSorted((a, b) => compareCodePoints(key(a), key(b))).slice(0, limit);
  }
}

/** Orders that are not that of code points. */
export const brokenOrders: readonly BrokenAdapter[] = [
  {
    name: 'orders by UTF-16',
    why: 'a < b in JavaScript compares 16-bit units.',
    createStore: () => alone(new OrdersByUtf16()),
    caughtBy: ['path.nasty', 'list.order', 'entries.order'],
  },
  {
    name: 'orders by locale',
    why: 'The default collation of the database.',
    createStore: () => alone(new OrdersByLocale()),
    caughtBy: ['path.nasty', 'path.case-sensitive', 'list.order', 'list.both', 'entries.order'],
  },
  {
    name: 'orders children by whole paths',
    why: 'Names with a slash behind them, as a scan of paths brings them.',
    createStore: () => alone(new OrdersByWholePaths()),
    caughtBy: ['list.order'],
  },
];
