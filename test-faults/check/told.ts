import type { Version } from '@holdfast/core';
import type { JournalLine, WriteKind } from '../load/journal.ts';

/** One write of a slot, as far as anything is known of it. */
interface ToldWrite {
  readonly number: number;
  readonly kind: WriteKind;
  readonly version?: Version | undefined;
}

/** What is at a slot, of which write it is. */
export type Found = { readonly number: number; readonly version?: Version | undefined } | undefined;

/** What somebody who believes every answer knows of one slot. */
interface SlotTold {
  acknowledged: ToldWrite | undefined;
  /** Those that were begun, and had no answer or one that leaves it open. */
  open: ToldWrite[];
}

/** What is wrong with a slot. */
export type Wrong = 'lost' | 'from nowhere';

/** What the processes that wrote were told, slot by slot. Each slot has one writer at a time. */
export class Told {
  /** The errors of calls. */
  readonly failures = new Set<string>();
  readonly #slots = new Map<string, SlotTold>();

  get slots(): Iterable<string> {
    return this.#slots.keys();
  }

  /** Takes in what a journal says. */
  hear(lines: readonly JournalLine[]): void {
    for (const line of lines) this.#hear(line);
  }

  /** How many writes are open. */
  get open(): number {
    return [...this.#slots.values()].reduce((sum, { open }) => sum + open.length, 0);
  }

  /** Knows nothing any more. */
  forget(): void {
    this.#slots.clear();
  }

  /** Compares with what is found. Then that is what is known. */
  settle(slot: string, found: Found): Wrong | undefined {
    const told = this.#slot(slot);
    const wrong = wrongWith(told, found);
    told.open = [];
    told.acknowledged = found === undefined ? undefined : { ...found, kind: 'put' };
    return wrong;
  }

  #hear(line: JournalLine): void {
    const [what, slot, number] = line;
    const told = this.#slot(slot);
    if (what === 'begun') {
      told.open.push({ number, kind: line[3] });
      return;
    }
    const write = told.open.find((each) => each.number === number);
    if (write === undefined) throw new Error(`${slot} has an answer to ${number}, which was not begun`);
    if (what === 'acknowledged') {
      told.acknowledged = { ...write, version: line[3] };
      // Each slot has one writer, which waited for this answer.
      told.open = [];
      return;
    }
    const [, , , code, outcome] = line;
    this.failures.add(`${code} ${outcome}`);
    if (outcome === 'not-applied') told.open = told.open.filter((each) => each !== write);
  }

  #slot(slot: string): SlotTold {
    const known = this.#slots.get(slot);
    if (known !== undefined) return known;
    const made: SlotTold = { acknowledged: undefined, open: [] };
    this.#slots.set(slot, made);
    return made;
  }
}

function wrongWith({ acknowledged, open }: SlotTold, found: Found): Wrong | undefined {
  if ([acknowledged ?? NOTHING, ...open].some((write) => isThere(write, found))) return undefined;
  if (acknowledged === undefined) return 'from nowhere';
  return found === undefined || found.number < acknowledged.number ? 'lost' : 'from nowhere';
}

const NOTHING: ToldWrite = { number: 0, kind: 'delete' };

function isThere({ kind, number, version }: ToldWrite, found: Found): boolean {
  if (kind === 'delete' || found === undefined) return kind === 'delete' && found === undefined;
  return found.number === number && (version === undefined || found.version === version);
}
