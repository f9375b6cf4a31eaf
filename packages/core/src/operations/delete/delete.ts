import { gatePath } from '../../capabilities/gate.ts';
import { parseDeleteExpectation, type ParsedDeleteExpectation } from '../../expectations/cas-expectation.ts';
import { markOf } from '../../filesystem/marks.ts';
import type { Patience } from '../../filesystem/operation-context.ts';
import { parseOperationOptions } from '../../filesystem/operation-options.ts';
import type { DeleteResult } from '../../filesystem/root-filesystem.ts';
import { parsePath, type VirtualPath } from '../../paths/virtual-path.ts';
import { Call } from '../call.ts';
import { checkAnswer } from '../check-answer.ts';
import { makeOperation } from '../make-operation.ts';
import { Operation } from '../operation.ts';
import type { OperationKind } from '../operation-kind.ts';
import { gateDelete } from './gate-delete.ts';
import { strangersOptions } from '../strangers-options.ts';

interface DeleteArguments {
  readonly path: VirtualPath;
  readonly expectation: ParsedDeleteExpectation;
}

/** Deletes an entry when an expectation holds. */
const DELETE: OperationKind<DeleteResult, DeleteArguments> = {
  name: 'delete',
  changes: true,
  method: 'delete',
  touches: ({ path }) => [{ path, permissions: ['delete'] }],
  renamed: ({ path, expectation }, rename) => ({ path: rename(path), expectation }),
  answered: (answer) => checkAnswer(answer),
  gate: (claimant, operation) => {
    const { path, expectation } = operation.args;
    const claimed = claimant.claims(operation, path);
    gatePath(claimed, operation);
    gateDelete(claimed, operation, expectation);
  },
  perform: (operation, backend) =>
    backend.mutate(operation, () => {
      const { path, expectation } = operation.args;
      const request = { path, expectation };
      return {
        applied: { deleted: true },
        send: (context) => backend.adapter._delete(request, context),
        answered: (deleted) => ({ deleted }),
        // What is gone has no version to recognise it by.
        marks: () => [markOf(path, undefined, expectation)],
      };
    }),
  ask: (filesystem, operation) => {
    const { path, expectation } = operation.args;
    return filesystem.delete(path, expectation, strangersOptions(operation));
  },
  told: ({ deleted }) => ({ outcome: deleted ? 'applied' : 'unchanged' }),
};

/** A `delete`, as callers make it. */
export function makeDelete(path: unknown, expectation: unknown, options: unknown): Operation<DeleteResult> {
  return makeOperation(DELETE, {
    path: () => parsePath(path as string),
    rest: (target) => ({
      args: { path: target, expectation: parseDeleteExpectation(expectation) },
      limits: parseOperationOptions(options),
    }),
  });
}

/** A `delete` that is a part of something longer. */
export function deleteWithin(
  patience: Patience,
  path: VirtualPath,
  expectation: ParsedDeleteExpectation,
): Operation<DeleteResult> {
  return new Operation(DELETE, { path, expectation }, Call.within(patience));
}
