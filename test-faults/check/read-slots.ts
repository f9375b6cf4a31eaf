import type { RootFilesystem, Snapshot } from '@holdfast/core';
import { isVersion } from '@holdfast/core/adapter';
import { MEMBERS, putBy } from '../load/commits.ts';
import { tagOf } from '../load/tagged-body.ts';
import { HOT, type Hot } from '../load/updates.ts';
import type { Found } from './told.ts';

/** What is at all slots of a process. */
export interface SlotsFound {
  readonly slots: ReadonlyMap<string, Found>;
  /** Bodies that are of no write, or of more than one; entries without a version where there have to be some. */
  readonly torn: readonly string[];
  /** Commits and transactions of which a part is there. */
  readonly half: readonly string[];
}

/** Reads everything that the writers of one lane have written, in one page if the backend gives it. */
export async function readSlots(store: RootFilesystem, prefix: string, lane: number): Promise<SlotsFound> {
  const reading = new Reading(store.capabilitiesAt('/').cas === 'versioned', lane);
  for await (const entry of store.entries(prefix === '' ? '/' : prefix, { pageSize: 1000 })) {
    reading.take(entry.path.slice(prefix.length + 1), entry);
  }
  return reading.end();
}

class Reading {
  readonly #versioned: boolean;
  readonly #lane: number;
  readonly #slots = new Map<string, Found>();
  readonly #commits = new Map<string, Map<number, NonNullable<Found>>>();
  readonly #torn: string[] = [];
  readonly #half: string[] = [];
  #sum = 0;

  constructor(versioned: boolean, lane: number) {
    this.#versioned = versioned;
    this.#lane = lane;
  }

  take(name: string, entry: Snapshot): void {
    if (this.#versioned && !isVersion(entry.version)) this.#torn.push(name);
    if (name === HOT) this.#takeHot(entry);
    // What others write.
    else if (!name.includes(`/${this.#lane}-`)) return;
    else if (name.startsWith('accounts/')) this.#sum += this.#record(name, entry)['balance'] ?? Number.NaN;
    else if (name.startsWith('ledgers/')) this.#slots.set(name, found(this.#record(name, entry)['number'], entry));
    else if (name.startsWith('commits/')) this.#takeMember(name, entry);
    else this.#slots.set(name, this.#tagged(name, entry));
  }

  end(): SlotsFound {
    for (const [slot, members] of this.#commits) this.#slots.set(slot, this.#commit(slot, members));
    if (this.#sum !== 0) this.#half.push(`the accounts add up to ${this.#sum}`);
    return { slots: this.#slots, torn: this.#torn, half: this.#half };
  }

  #takeHot(entry: Snapshot): void {
    const { count, bySlot } = this.#record(HOT, entry) as unknown as Hot;
    for (const [slot, number] of Object.entries(bySlot)) {
      if (slot.includes(`/${this.#lane}-`)) this.#slots.set(slot, { number });
    }
    const sum = Object.values(bySlot).reduce((one, other) => one + other, 0);
    if (sum !== count) this.#half.push(`${HOT} has ${count}, and ${sum} in its parts`);
  }

  #takeMember(name: string, entry: Snapshot): void {
    const [, slot = '', member] = /^(.*)\/(\d+)$/.exec(name) ?? [];
    const members = this.#commits.get(slot) ?? new Map<number, NonNullable<Found>>();
    const tagged = this.#tagged(slot, entry);
    if (tagged !== undefined) members.set(Number(member), tagged);
    this.#commits.set(slot, members);
  }

  #commit(slot: string, members: ReadonlyMap<number, NonNullable<Found>>): Found {
    const [first] = members.values();
    if (first === undefined) return undefined;
    const whole = Array.from({ length: MEMBERS }, (_, member) => members.get(member)).every((each, member) =>
      member < putBy(first.number)
        ? each?.number === first.number && each.version === first.version
        : each === undefined,
    );
    if (!whole) this.#half.push(`${slot} has ${JSON.stringify([...members])}`);
    return first;
  }

  #tagged(slot: string, entry: Snapshot): Found {
    const tag = tagOf(entry.body);
    if (tag?.slot === slot) return found(tag.number, entry);
    this.#torn.push(slot);
    return undefined;
  }

  #record(name: string, { body }: Snapshot): Readonly<Record<string, number>> {
    try {
      return JSON.parse(Buffer.from(body).toString()) as Record<string, number>;
    } catch {
      this.#torn.push(name);
      return {};
    }
  }
}

function found(number: number | undefined, { version }: Snapshot): Found {
  return { number: number ?? Number.NaN, version };
}
