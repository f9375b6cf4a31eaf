import { isHoldfastError, type Version } from '@holdfast/core';

/** Whether a write leaves something at its slot, or nothing. */
export type WriteKind = 'put' | 'delete';

/** What became of a write. One that failed without an outcome has failed with no error of ours. */
export type JournalLine =
  | readonly ['begun', slot: string, number: number, kind: WriteKind]
  | readonly ['acknowledged', slot: string, number: number, version?: Version]
  | readonly ['failed', slot: string, number: number, code: string, outcome?: string];

/** What writers do, told as they do it: a write before it is begun, and again before anybody could act on its answer. */
export class Journal {
  readonly #tell: (line: JournalLine) => void;

  constructor(tell: (line: JournalLine) => void) {
    this.#tell = tell;
  }

  /** Makes one write of a slot. Answers whether another may follow: not if nobody can tell what is there. */
  async keep(
    slot: string,
    number: number,
    kind: WriteKind,
    write: () => Promise<Version | undefined>,
  ): Promise<boolean> {
    this.#tell(['begun', slot, number, kind]);
    try {
      const version = await write();
      this.#tell(version === undefined ? ['acknowledged', slot, number] : ['acknowledged', slot, number, version]);
      return true;
    } catch (error) {
      if (!isHoldfastError(error) || error.outcome === undefined) this.#tell(['failed', slot, number, String(error)]);
      else this.#tell(['failed', slot, number, error.code, error.outcome]);
      return isHoldfastError(error) && error.outcome === 'not-applied';
    }
  }
}
