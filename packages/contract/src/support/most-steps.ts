/**
 * After how many entries or pages an iteration or a listing counts as endless: twice the children of the `long` effort.
 * One that stands still and never waits would give no timeout a chance.
 */
export const MOST_STEPS = 20_000;
