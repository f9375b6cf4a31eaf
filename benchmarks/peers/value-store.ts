import type { Counter } from '../records/counter.ts';

/** A store of values without compare-and-swap: one side of a comparison of reads, or of writes that expect nothing. */
export interface ValueStore extends AsyncDisposable {
  readonly name: string;
  readonly durability: string;
  readonly get: (key: string) => Promise<Counter | null | undefined>;
  readonly set: (key: string, value: Counter) => Promise<unknown>;
}
