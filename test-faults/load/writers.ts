import type { RootFilesystem } from '@holdfast/core';
import type { Journal } from './journal.ts';

/** What the writers of a process work with. */
export interface Work {
  readonly store: RootFilesystem;
  readonly journal: Journal;
  /** What every path begins with: `''`, or a path. */
  readonly prefix: string;
  /** Tells the slots of this process from those of another. */
  readonly lane: number;
  /** The number of the next write. Greater than those of all who were here before. */
  next(): number;
  /** Whether to go on. */
  goOn(): boolean;
}

/** A writer: writes until it is told to stop, or nobody can tell any more what became of a write of its. */
export type Writer = (work: Work) => Promise<void>;

/** A length between two, mostly nearer to the shorter. */
export function anyLength(shortest: number, longest: number): number {
  return Math.floor(shortest + (longest - shortest) * Math.random() ** 2);
}

/** So many writers of one kind. */
export function times(count: number, writer: (index: number) => Writer): Writer[] {
  return Array.from({ length: count }, (_, index) => writer(index));
}
