import { openSync, writeSync } from 'node:fs';
import { isHoldfastError, type Version } from '@holdfast/core';

/** Whether a write leaves something at its slot, or nothing. */
export type WriteKind = 'put' | 'delete';

/** A line of a {@link Journal}. */
export type JournalLine =
  | readonly ['begun', slot: string, number: number, kind: WriteKind]
  | readonly ['acknowledged', slot: string, number: number, version?: Version]
  | readonly ['failed', slot: string, number: number, code: string, outcome?: string];

/**
 * What a process does, told as it does it: a write before it is begun, and again before anybody could act on its answer. Each
 * line is with the system before the process goes on, so it is there however the process ends.
 */
export class Journal {
  readonly #descriptor: number;

  readonly #onAcknowledged: () => void;

  constructor(file: string, onAcknowledged: () => void) {
    this.#descriptor = openSync(file, 'a');
    this.#onAcknowledged = onAcknowledged;
  }

  /** Makes one write of a slot. Answers whether another may follow: not if nobody can tell what is there. */
  async keep(
    slot: string,
    number: number,
    kind: WriteKind,
    write: () => Promise<Version | undefined>,
  ): Promise<boolean> {
    this.#add(['begun', slot, number, kind]);
    try {
      const version = await write();
      this.#add(version === undefined ? ['acknowledged', slot, number] : ['acknowledged', slot, number, version]);
      this.#onAcknowledged();
      return true;
    } catch (error) {
      if (!isHoldfastError(error)) this.#add(['failed', slot, number, String(error)]);
      else this.#add(['failed', slot, number, error.code, error.outcome ?? 'none']);
      return isHoldfastError(error) && error.outcome === 'not-applied';
    }
  }

  #add(line: JournalLine): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
  }
}

/** The lines of a journal. What a killed process did not write to its end was not done yet. */
export function journalLines(text: string): JournalLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JournalLine);
}
