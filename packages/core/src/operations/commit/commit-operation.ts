import type { Adapter } from '../../filesystem/adapter-methods.ts';
import { markOf } from '../../filesystem/marks.ts';
import type { Mutation } from '../../filesystem/mutation.ts';
import type { Patience } from '../../filesystem/operation-context.ts';
import { parseOperationOptions } from '../../filesystem/operation-options.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import type { Permission } from '../../routing/route.ts';
import { mintVersion, type Version } from '../../versions/version.ts';
import { Call } from '../call.ts';
import { checkAnswer } from '../check-answer.ts';
import { makeOperation } from '../make-operation.ts';
import { Operation } from '../operation.ts';
import type { OperationKind, Touch } from '../operation-kind.ts';
import { askAgain } from './ask-again.ts';
import type { CommitRequest } from './commit-request.ts';
import { gateCommit } from './gate-commit.ts';
import { readChanges, refuseTwice, type ParsedChange, type ReadChanges } from './parse-changes.ts';

/** What a commit did. */
export interface CommitResult {
  /** The version of every entry that it put, which is one for all; `undefined` when it put none. */
  readonly version: Version | undefined;
}

interface CommitArguments {
  /** That of the first change. */
  readonly path: VirtualPath;
  readonly changes: readonly ParsedChange[];
}

/** An adapter that has commits. */
type Commits = Required<Pick<Adapter, '_commit'>>;

const PERMISSIONS: Readonly<Record<ParsedChange['change'], readonly Permission[]>> = {
  put: ['write'],
  delete: ['delete'],
  check: ['read'],
};

/** Makes several changes, all or none, when every expectation holds. */
const COMMIT: OperationKind<CommitResult, CommitArguments> = {
  name: 'commit',
  changes: true,
  touches: ({ changes = [] }) => changes.map(touchOf),
  renamed: ({ changes }, rename) => {
    const renamed = changes.map((each) => Object.freeze({ ...each, path: rename(each.path) }));
    // Two paths of a view may lead to one.
    refuseTwice(
      renamed.map(({ path }) => path),
      changes.map(({ path }) => path),
    );
    return argumentsOf(renamed);
  },
  answered: (answer) => checkAnswer(answer),
  gate: (claimant, operation) => gateCommit(claimant, operation, operation.args.changes),
  perform: (operation, backend) =>
    backend.mutate(operation, () => {
      const adapter = backend.with<Commits>('_commit', operation);
      return mutationOf(operation.args.changes, adapter);
    }),
  sealed: ({ changes }, seal) =>
    argumentsOf(
      changes.map((each) =>
        each.change === 'put' ? Object.freeze({ ...each, entry: seal(each.path, each.entry) }) : each,
      ),
    ),
  size: ({ changes }) => changes.length,
  told: () => ({ outcome: 'applied' }),
};

/** One that has checks only, and so changes nothing. Nothing has to be found out about it: it is asked again. */
const CHECK: OperationKind<CommitResult, CommitArguments> = {
  ...COMMIT,
  changes: false,
  perform: async (operation, backend) => {
    await backend.read(operation, (context) => {
      const adapter = backend.with<Commits>('_commit', operation);
      const request = requestOf(operation.args.changes);
      return askAgain(() => adapter._commit(request, context), context);
    });
    return { version: undefined };
  },
  told: () => ({ outcome: 'unchanged' }),
};

/** A commit, as callers make it. */
export function makeCommit(changes: unknown, options: unknown): Operation<CommitResult> {
  let read: ReadChanges;
  return makeOperation(COMMIT, {
    path: () => (read = readChanges(changes)).path,
    touched: () => read.aimed.map(touchOf),
    rest: () => {
      const args = argumentsOf(read.rest());
      return { args, limits: parseOperationOptions(options), kind: kindOf(args) };
    },
  });
}

/** A commit that is a part of something longer, of changes that are nobody else's. */
export function commitWithin(patience: Patience, changes: readonly ParsedChange[]): Operation<CommitResult> {
  const args = argumentsOf(changes);
  return new Operation(kindOf(args), args, Call.within(patience));
}

function touchOf({ path, change }: Pick<ParsedChange, 'path' | 'change'>): Touch {
  return { path, permissions: PERMISSIONS[change] };
}

function argumentsOf(changes: readonly ParsedChange[]): CommitArguments {
  const [first] = changes as readonly [ParsedChange, ...ParsedChange[]];
  return { path: first.path, changes: Object.freeze(changes) };
}

function kindOf({ changes }: CommitArguments): typeof COMMIT {
  return changes.every(({ change }) => change === 'check') ? CHECK : COMMIT;
}

function requestOf(changes: readonly ParsedChange[]): CommitRequest {
  const version = mintVersion();
  return { changes: changes.map((each) => (each.change === 'put' ? { ...each, version } : each)), version };
}

function mutationOf(changes: readonly ParsedChange[], adapter: Commits): Mutation<void, CommitResult> {
  const request = requestOf(changes);
  const applied = { version: changes.some(({ change }) => change === 'put') ? request.version : undefined };
  return {
    applied,
    send: (context) => adapter._commit(request, context),
    answered: () => applied,
    marks: () =>
      changes.flatMap((each) =>
        each.change === 'check'
          ? []
          : [markOf(each.path, each.change === 'put' ? request.version : undefined, each.expectation)],
      ),
    // A version that has gone never comes back; what is there and must be absent may go again.
    isOverAfter: ({ code, paths = [] }) =>
      code === 'VERSION_MISMATCH' &&
      changes.some(({ path, expectation }) => typeof expectation === 'object' && paths.includes(path)),
  };
}
