/** How much is measured. */
export interface Effort {
  /** How long one figure and what it is compared with may take together, in milliseconds, unless the rounds take longer. */
  readonly budgetMs: number;
  /** The fewest rounds, in each of which both sides have their turn. */
  readonly rounds: number;
}

/** What a run has unless it is told otherwise. */
export const DEFAULT_EFFORT: Effort = { budgetMs: 6000, rounds: 5 };

/**
 * Into how many turns the budget is divided: 29 rounds of both sides, and a warm-up of both. A turn of a tenth of a second has
 * hundreds of calls, and what slows a disk down for a second meets both sides.
 */
const TURNS = 60;

/** How long one turn of one side lasts, in milliseconds. */
export function turnOf({ budgetMs }: Effort): number {
  return budgetMs / TURNS;
}
