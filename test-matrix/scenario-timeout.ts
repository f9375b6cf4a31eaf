import { EFFORT, type Effort } from '@holdfast/contract';

/**
 * Full effort on a libSQL server: 6,400 updates of one key take 37 s there, and several times that while something else
 * uses the same machine.
 */
const FULL_EFFORT_MS = 300_000;

/** How long one scenario may take on a backend of the matrix before it counts as hung, in milliseconds. */
export function scenarioTimeoutMs(effort: Effort): number {
  return effort === 'full' ? FULL_EFFORT_MS : EFFORT[effort].scenarioTimeoutMs;
}
