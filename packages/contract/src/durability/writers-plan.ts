import { taggedBody } from '../history/tagged-body.ts';

/** What writers do at once until their process is killed. Survives JSON: whoever has the same plan knows what they write. */
export interface WritersPlan {
  /** Below what all of it is. */
  readonly directory: string;
  /** How many entries are put first, and then left alone. */
  readonly staying: number;
  readonly writers: number;
  /** How many writes they make, all together, when nothing kills them before. */
  readonly writes: number;
  /** How long they write at most, in milliseconds. */
  readonly mostMs: number;
  /** The longest body, in bytes. */
  readonly longest: number;
  /** In which of the writes that take longer than others they are killed; in none where it is 0. */
  readonly longWrite: number;
  /** How far into that, by the longest one before: from 0 to 1. */
  readonly share: number;
}

/** How many paths each writer has, to which it writes in turns. */
const SLOTS = 3;

const DELETES_ONE_IN = 5;

/** Lengths of bodies, in bytes, and of how many writes one has them; the others are short. */
const SHORT = 40;
const LONGER = { length: 5000, oneIn: 7 };
const LARGE = { length: 70_000, oneIn: 17 };

/** The paths that are left alone, each of which has itself for a body. */
export function stayingPaths({ directory, staying }: WritersPlan): string[] {
  return Array.from({ length: staying }, (_, index) => `${directory}/staying/${index}`);
}

/** The path that a writer writes to with a write, counted from 0. */
export function pathOf({ directory }: WritersPlan, writer: number, write: number): string {
  return `${directory}/${writer}/${write % SLOTS}`;
}

/** What a write puts; it deletes where that is nothing. */
export function bodyOf({ longest }: WritersPlan, writer: number, write: number): Uint8Array | undefined {
  const comes = (oneIn: number): boolean => write % oneIn === oneIn - 1;
  if (comes(DELETES_ONE_IN)) return undefined;
  const length = comes(LARGE.oneIn) ? LARGE.length : comes(LONGER.oneIn) ? LONGER.length : SHORT;
  return taggedBody(`${writer}.${write}`, Math.min(length, longest));
}

/** What is at the paths of a writer after so many writes. */
export function leftAfter(plan: WritersPlan, writer: number, writes: number): Map<string, Uint8Array | undefined> {
  const left = new Map<string, Uint8Array | undefined>();
  for (let slot = 0; slot < SLOTS; slot += 1) left.set(pathOf(plan, writer, slot), undefined);
  for (let write = Math.max(0, writes - SLOTS); write < writes; write += 1) {
    left.set(pathOf(plan, writer, write), bodyOf(plan, writer, write));
  }
  return left;
}
