import { SCENARIOS } from '@holdfast/contract';

/** What does much of what other scenarios do once, on a new store each time. */
const MUCH: readonly string[] = [
  'list.large-child',
  'model.beside',
  'model.instances',
  'model.many',
  'race.every-shape',
];

/** All scenarios but those. */
export const EACH_ONCE: readonly string[] = SCENARIOS.map(({ id }) => id).filter((id) => !MUCH.includes(id));
