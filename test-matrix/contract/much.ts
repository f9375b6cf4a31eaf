import { SCENARIOS } from '@holdfast/contract';

/**
 * What does much of what other scenarios do once, on a new store each time, and what kills processes as `test-faults/kills` does
 * on the same backends.
 */
const MUCH: readonly string[] = [
  'commit.killed-process',
  'durability.killed-at-once',
  'durability.killed-busy',
  'durability.killed-idle',
  'durability.killed-large',
  'durability.reopen-many',
  'list.large-child',
  'model.beside',
  'model.instances',
  'model.many',
  'model.processes',
  'process.every-race',
  'race.every-shape',
];

/** All scenarios but those. */
export const EACH_ONCE: readonly string[] = SCENARIOS.map(({ id }) => id).filter((id) => !MUCH.includes(id));
