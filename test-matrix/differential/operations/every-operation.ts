import fc from 'fast-check';
import type { Operation } from '../operation.ts';
import { questions } from './ask-capabilities.ts';
import { deletes } from './delete.ts';
import { gets } from './get.ts';
import { iterations } from './iterate.ts';
import { lists } from './list.ts';
import { misuses } from './misuse.ts';
import { puts } from './put.ts';
import { reopenings } from './reopen.ts';
import { updates } from './update.ts';

/** Operations that leave the filesystem open. */
export const openOperations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 12, arbitrary: puts },
  { weight: 5, arbitrary: updates },
  { weight: 5, arbitrary: deletes },
  { weight: 4, arbitrary: gets },
  { weight: 4, arbitrary: lists },
  { weight: 3, arbitrary: iterations },
  { weight: 3, arbitrary: misuses },
  { weight: 1, arbitrary: questions },
);

/** All of them. */
export const everyOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 30, arbitrary: openOperations },
  { weight: 1, arbitrary: reopenings(openOperations) },
);
