import type { DeleteRequest, ParsedExpectation, PutRequest } from '@holdfast/core/adapter';
import type { ConditionalWrite, VersionCheck } from './driver.ts';
import { encodeRow } from './rows/row-codec.ts';
import type { Statements } from './statements/statements.ts';

/** The conditional write of a put. */
export function conditionalPut(statements: Statements, request: PutRequest): ConditionalWrite {
  const { path, expectation } = request;
  const row = encodeRow(request);
  const expects = checkOf(statements, path, expectation);
  if (expectation === 'absent') return { query: statements.putAbsent.query(row), expects };
  if (expectation === 'any') return { query: statements.putAny.query(row), expects };
  return { query: statements.putVersion.query({ ...row, expected: expectation.version }), expects };
}

/** The conditional write of a delete. */
export function conditionalDelete(statements: Statements, request: DeleteRequest): ConditionalWrite {
  const { path, expectation } = request;
  const expects = checkOf(statements, path, expectation);
  if (expectation === 'any') return { query: statements.deleteAny.query({ path }), expects };
  return { query: statements.deleteVersion.query({ path, expected: expectation.version }), expects };
}

function checkOf(statements: Statements, path: string, expectation: ParsedExpectation): VersionCheck | undefined {
  if (expectation === 'any') return undefined;
  return {
    query: statements.version.query({ path }),
    version: expectation === 'absent' ? undefined : expectation.version,
  };
}
