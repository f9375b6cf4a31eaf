import type { Group } from '../run/benchmark.ts';
import { COMMIT_GROUP } from './commits.ts';
import { EVENT_LOOP_GROUP } from './event-loop-delay.ts';
import { GET_GROUP } from './gets.ts';
import { LIST_GROUP } from './list-pages.ts';
import { MANY_GROUP } from './many.ts';
import { MEMORY_GROUP } from './memory.ts';
import { PEER_GROUP } from './peers.ts';
import { UPDATE_GROUPS } from './update-groups.ts';
import { VALUE_GROUP } from './values.ts';

/** Every benchmark, in the order in which they run and are told. */
export const GROUPS: readonly Group[] = [
  MEMORY_GROUP,
  ...UPDATE_GROUPS,
  GET_GROUP,
  MANY_GROUP,
  LIST_GROUP,
  EVENT_LOOP_GROUP,
  COMMIT_GROUP,
  PEER_GROUP,
  VALUE_GROUP,
];
