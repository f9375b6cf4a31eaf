import { EFFORT } from '../running/effort.ts';

/**
 * After how many entries or pages an iteration or a listing counts as endless: twice the most that a scenario puts, which are
 * two for each of the children of the `long` effort. One that stands still and never waits would give no timeout a chance.
 */
export const MOST_STEPS: number = 4 * EFFORT.long.children;
