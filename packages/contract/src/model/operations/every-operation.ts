import fc from 'fast-check';
import type { Operation } from '../operation.ts';
import type { Places } from '../values/paths.ts';
import { questions } from './ask-capabilities.ts';
import { callsAtOnce } from './at-once.ts';
import { commits } from './commit.ts';
import { copies } from './copy.ts';
import { deletes } from './delete.ts';
import { fillings } from './fill.ts';
import { gets } from './get.ts';
import { inChild } from './in-child.ts';
import { iterations } from './iterate.ts';
import { lists } from './list.ts';
import { looks } from './look.ts';
import { misuses } from './misuse.ts';
import { onInstances } from './on-instance.ts';
import { puts } from './put.ts';
import { reopenings } from './reopen.ts';
import { sweeps } from './sweep.ts';
import { updates } from './update.ts';
import { variations } from './vary.ts';

/** What sequences are made of, beside the operations of one instance in this process. */
export interface Shape {
  /** How many instances of the store do them, where it may have several. */
  readonly instances: number;
  /** Whether another process does some of them. Only where processes may share the store. */
  readonly processes: boolean;
  /** Whether directories are filled with hundreds of entries. */
  readonly many: boolean;
}

/** Operations with arguments that are right, which another process can do as well. */
const rightOperations = (places: Places): fc.Arbitrary<Operation> =>
  fc.oneof(
    { weight: 10, arbitrary: puts(places) },
    { weight: 6, arbitrary: variations(places) },
    { weight: 3, arbitrary: copies(places) },
    { weight: 5, arbitrary: commits(places) },
    { weight: 5, arbitrary: updates(places) },
    { weight: 5, arbitrary: deletes(places) },
    { weight: 5, arbitrary: gets(places) },
    { weight: 5, arbitrary: looks(places.chosen) },
    { weight: 4, arbitrary: lists(places) },
    { weight: 3, arbitrary: iterations(places) },
  );

/** Operations that leave the filesystem open. */
export const openOperations = (places: Places): fc.Arbitrary<Operation> =>
  fc.oneof(
    { weight: 36, arbitrary: rightOperations(places) },
    { weight: 3, arbitrary: callsAtOnce(places) },
    { weight: 6, arbitrary: misuses(places) },
    { weight: 1, arbitrary: questions(places) },
  );

/** All of them, in a shape. */
export function operationsOf({ instances, processes, many }: Shape, places: Places): fc.Arbitrary<Operation> {
  const open = openOperations(places);
  const here = fc.oneof(
    { weight: 30, arbitrary: open },
    { weight: 1, arbitrary: reopenings(open) },
    ...(many
      ? [
          { weight: 1, arbitrary: fillings },
          { weight: 1, arbitrary: sweeps },
        ]
      : []),
  );
  const somewhere = onInstances(here, instances);
  if (!processes) return somewhere;
  return fc.oneof({ weight: 1, arbitrary: somewhere }, { weight: 1, arbitrary: inChild(rightOperations(places)) });
}
