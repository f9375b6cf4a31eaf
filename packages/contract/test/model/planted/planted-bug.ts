import type { ComparedBackend } from '../../../src/model/compared-backend.ts';

/** A backend with one deliberate mistake, which the comparison has to find. */
export interface PlantedBug {
  /** The mistake, as the end of a sentence. */
  readonly mistake: string;
  readonly backend: ComparedBackend;
  /** The operation that shows it in the shortest sequence. */
  readonly shownBy: RegExp;
}
