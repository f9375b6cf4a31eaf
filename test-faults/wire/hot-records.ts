import { CasApply, casUpdate, jsonCodec, transact, type Snapshot } from '@holdfast/core';
import type { Store } from './backends.ts';
import type { Wrongs } from './chain.ts';
import type { Tally, Told } from './told.ts';

/** The ids of all updates that have landed, in their order. */
interface Log {
  readonly ids: readonly string[];
}

const logs = jsonCodec<Log>({ kind: 'log' });

/** Records that many update at once. Each update adds an id of its own, so that one that is applied twice shows. */
export class HotRecords {
  readonly paths: readonly [string, string];
  readonly #name: string;
  readonly #told = new Map<string, { readonly told: Told; readonly paths: readonly string[] }>();
  #ids = 0;

  constructor(name: string) {
    this.#name = name;
    this.paths = [`${name}/hot-0`, `${name}/hot-1`];
  }

  /** Updates one of them by `casUpdate`, together with other updates or not. */
  async update(store: Store, tally: Tally, timeoutMs: number, random: () => number): Promise<void> {
    const id = this.#newId();
    const path = this.paths[random() < 0.5 ? 0 : 1];
    const add = (log: Log = { ids: [] }) => CasApply.write({ ids: [...log.ids, id] });
    const { told } = await tally.of(casUpdate(store, path, logs, add, { timeoutMs, combine: random() < 0.5 }));
    this.#told.set(id, { told, paths: [path] });
  }

  /** Updates both in one transaction. */
  async updateBoth(store: Store, tally: Tally, timeoutMs: number): Promise<void> {
    const id = this.#newId();
    const { paths } = this;
    const updating = transact(
      store,
      async (tx) => {
        for (const path of paths) {
          const log = await tx.get(path, logs);
          await tx.put(path, logs, { ids: [...(log?.ids ?? []), id] });
        }
      },
      { timeoutMs },
    );
    const { told } = await tally.of(updating);
    this.#told.set(id, { told, paths });
  }

  /** Checks what is there, as it was read by a connection that is well. */
  async check(read: ReadonlyMap<string, Snapshot>, wrongs: Wrongs, when: string): Promise<void> {
    const seen = await Promise.all(
      this.paths.map(async (path) => {
        const found = read.get(path);
        return [path, found === undefined ? [] : (await logs.decode(found)).ids] as const;
      }),
    );
    for (const [path, ids] of seen) {
      if (new Set(ids).size < ids.length) wrongs.appliedTwice.push(`${path} ${when}: ${ids.join(', ')}`);
    }
    for (const [id, { told, paths }] of this.#told) {
      const there = seen.filter(([, ids]) => ids.includes(id)).map(([path]) => path);
      const found = `${id} ${when} at ${there.join(' and ')}`;
      if (there.length > 0 && there.length < paths.length) wrongs.torn.push(found);
      else if (told === 'landed' && there.length === 0) wrongs.lost.push(found);
      else if (told !== 'landed' && told !== 'unknown' && there.length > 0) wrongs.falselyNotApplied.push(found);
    }
  }

  #newId(): string {
    return `${this.#name}#${(this.#ids += 1)}`;
  }
}
