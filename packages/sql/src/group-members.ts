import type { CommitChange, DeleteRequest, ParsedExpectation, PutRequest } from '@holdfast/core/adapter';
import type { ConditionalWrite, GroupMember, PathCheck, VersionCheck } from './group.ts';
import { encodeRow } from './rows/row-codec.ts';
import type { Statements } from './statements/statements.ts';

/** The conditional write of a put. */
export function putMember(statements: Statements, request: PutRequest): ConditionalWrite {
  const { path, expectation } = request;
  const row = encodeRow(request);
  const member = { change: 'put', path, row, expects: expectsOf(statements, path, expectation) } as const;
  if (expectation === 'absent') return { ...member, query: statements.putAbsent.query(row) };
  if (expectation === 'any') return { ...member, query: statements.putAny.query(row) };
  return { ...member, query: statements.putVersion.query({ ...row, expected: expectation.version }) };
}

/** The conditional write of a delete. */
export function deleteMember(statements: Statements, request: DeleteRequest): ConditionalWrite {
  const { path, expectation } = request;
  const expects = expectsOf(statements, path, expectation);
  const member = { change: 'delete', path, row: undefined, expects } as const;
  if (expectation === 'any') return { ...member, query: statements.deleteAny.query({ path }) };
  return { ...member, query: statements.deleteVersion.query({ path, expected: expectation.version }) };
}

/** The check of an expectation at a path where nothing is written. */
export function checkMember(
  statements: Statements,
  path: string,
  expectation: Exclude<ParsedExpectation, 'any'>,
): PathCheck {
  return { change: 'check', path, expects: checkOf(statements, path, expectation) };
}

/** The member of a group that is a change of a commit. */
export function memberOf(statements: Statements, change: CommitChange): GroupMember {
  if (change.change === 'put') return putMember(statements, change);
  if (change.change === 'delete') return deleteMember(statements, change);
  return checkMember(statements, change.path, change.expectation);
}

function expectsOf(statements: Statements, path: string, expectation: ParsedExpectation): VersionCheck | undefined {
  return expectation === 'any' ? undefined : checkOf(statements, path, expectation);
}

function checkOf(statements: Statements, path: string, expectation: Exclude<ParsedExpectation, 'any'>): VersionCheck {
  return {
    query: statements.version.query({ path }),
    version: expectation === 'absent' ? undefined : expectation.version,
  };
}
