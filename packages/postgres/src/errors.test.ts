import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { configError, connectError, leavesConnectionUsable, statementError } from './errors.ts';

test('an error of another realm is told as one of this', () => {
  const foreign = (code: string): unknown => runInNewContext(code);
  const conflict = foreign(`Object.assign(new Error(), { severity: 'ERROR', code: '40001' })`);
  const busy = statementError(conflict);
  expect(busy).toMatchObject({ code: 'BUSY', outcome: 'not-applied' });
  expect(busy.rawCause()).toBe(conflict);
  expect(leavesConnectionUsable(conflict, { prepared: true })).toBe(true);
  expect(configError(foreign(`new TypeError()`))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  const url = configError(foreign(`Object.assign(new TypeError(), { code: 'ERR_INVALID_URL' })`));
  expect([url.message, url.cause]).toEqual(['config has no valid connectionString', undefined]);
});

test.each([
  ['ENOENT', 'open', 'INVALID_ARGUMENT'],
  ['EISDIR', 'read', 'INVALID_ARGUMENT'],
  ['ECONNRESET', 'read', 'UNAVAILABLE'],
  ['ETIMEDOUT', 'read', 'UNAVAILABLE'],
])('%s of %s while a connection is made is %s', (code, syscall, expected) => {
  const error = connectError(Object.assign(new Error(`${syscall} ${code}`), { code, syscall }));
  expect(error).toMatchObject({ code: expected, outcome: 'not-applied' });
});
