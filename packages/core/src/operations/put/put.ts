import { gatePath } from '../../capabilities/gate.ts';
import type { Entry } from '../../entries/entry.ts';
import { parseEntry } from '../../entries/parse-entry.ts';
import { parseExpectation, type ParsedExpectation } from '../../expectations/cas-expectation.ts';
import { markOf } from '../../filesystem/marks.ts';
import type { Patience } from '../../filesystem/operation-context.ts';
import { parseOperationOptions } from '../../filesystem/operation-options.ts';
import type { PutResult } from '../../filesystem/root-filesystem.ts';
import { parsePath, type VirtualPath } from '../../paths/virtual-path.ts';
import { mintVersion } from '../../versions/version.ts';
import { Call } from '../call.ts';
import { checkAnswer } from '../check-answer.ts';
import { makeOperation } from '../make-operation.ts';
import { Operation } from '../operation.ts';
import type { OperationKind } from '../operation-kind.ts';
import { gatePut } from './gate-put.ts';
import { strangersOptions } from '../strangers-options.ts';

interface PutArguments {
  readonly path: VirtualPath;
  readonly entry: Entry;
  readonly expectation: ParsedExpectation;
}

/** Writes an entry when an expectation holds. */
const PUT: OperationKind<PutResult, PutArguments> = {
  name: 'put',
  changes: true,
  method: 'put',
  touches: ({ path }) => [{ path, permissions: ['write'] }],
  renamed: ({ path, entry, expectation }, rename) => ({ path: rename(path), entry, expectation }),
  answered: (answer) => checkAnswer(answer),
  gate: (claimant, operation) => {
    const { path, entry, expectation } = operation.args;
    const claimed = claimant.claims(operation, path);
    gatePath(claimed, operation);
    gatePut(claimed, operation, entry, expectation);
  },
  perform: (operation, backend) =>
    backend.mutate(operation, () => {
      const { path, entry, expectation } = operation.args;
      const version = mintVersion();
      const applied = { version: backend.claims(operation, path).cas === 'versioned' ? version : undefined };
      const request = { path, entry, expectation, version };
      return {
        applied,
        send: (context) => backend.adapter._put(request, context),
        answered: () => applied,
        marks: () => [markOf(path, applied.version, expectation)],
      };
    }),
  ask: (filesystem, operation) => {
    const { path, entry, expectation } = operation.args;
    return filesystem.put(path, entry, expectation, strangersOptions(operation));
  },
  sealed: ({ path, entry, expectation }, seal) => ({ path, entry: seal(path, entry), expectation }),
  told: () => ({ outcome: 'applied' }),
};

/** A `put`, as callers make it. */
export function makePut(path: unknown, entry: unknown, expectation: unknown, options: unknown): Operation<PutResult> {
  return makeOperation(PUT, {
    path: () => parsePath(path as string),
    rest: (target) => ({
      args: { path: target, entry: parseEntry(entry), expectation: parseExpectation(expectation) },
      limits: parseOperationOptions(options),
    }),
  });
}

/** A `put` that is a part of something longer, of an entry that is nobody else's. */
export function putWithin(
  patience: Patience,
  path: VirtualPath,
  entry: Entry,
  expectation: ParsedExpectation,
): Operation<PutResult> {
  return new Operation(PUT, { path, entry, expectation }, Call.within(patience));
}
