import { parsePath } from '@holdfast/core';
import { clock, mintVersion } from '@holdfast/core/adapter';
import {
  checkMember,
  createStatements,
  nameTables,
  NO_DEADLINE,
  postgresProfile,
  putMember,
  type WriteGroup,
} from '@holdfast/sql';
import { expect, test, vi } from 'vitest';
import type { Checkouts } from './checkouts.ts';
import { PostgresDriver } from './driver.ts';
import { statementError } from './errors.ts';
import type { Lease } from './lease.ts';

const tables = nameTables({ schema: 'public' }, postgresProfile);
const statements = createStatements(postgresProfile, tables);
const entry = { kind: undefined, contentType: 'a/b', indexed: undefined, body: new Uint8Array() };
const put = putMember(statements, { path: parsePath('/a'), entry, expectation: 'any', version: mintVersion() });
const group: WriteGroup = [put, checkMember(statements, '/b', 'absent')];

/** A driver whose server refuses every statement with a state. */
function openRefused(state: string) {
  let sends = 0;
  let checkedOut = 0;
  const queryAlone = (): never => {
    sends += 1;
    throw statementError(Object.assign(new Error('refused'), { severity: 'ERROR', code: state }));
  };
  const run: Checkouts['run'] = async (_context, use) => {
    checkedOut += 1;
    try {
      return await use({ queryAlone } as unknown as Lease);
    } finally {
      checkedOut -= 1;
    }
  };
  const checkouts = { run } as Checkouts;
  const driver = new PostgresDriver({ checkouts, ownPool: undefined, preparedStatements: true, tables });
  return { driver, sends: () => sends, checkedOut: () => checkedOut };
}

test.each([
  ['a group', group, '22012'],
  ['a group', group, '40001'],
  ['a group', group, '40P01'],
  ['a group of checks', [checkMember(statements, '/b', 'absent')] as const, '40001'],
  ['a put', [put] as const, '40001'],
])('%s that gives way without end is busy after 32 times (%#)', async (_, members, state) => {
  const { driver, sends } = openRefused(state);
  const [result] = await driver.write([members], NO_DEADLINE);
  expect(result).toMatchObject({ error: { code: 'BUSY', outcome: 'not-applied' } });
  expect(sends()).toBe(32);
});

test('a read that gives way is sent again as well', async () => {
  const { driver, sends } = openRefused('40001');
  await expect(driver.read(statements.get.query({ path: '/a' }), NO_DEADLINE)).rejects.toMatchObject({ code: 'BUSY' });
  expect(sends()).toBe(32);
});

test('a group whose caller has gone is not sent again', async () => {
  const { driver, sends } = openRefused('40001');
  const [result] = await driver.write([group], { ...NO_DEADLINE, signal: AbortSignal.abort() });
  expect(result).toMatchObject({ error: { code: 'BUSY', outcome: 'not-applied' } });
  expect(sends()).toBe(1);
});

test('a group that gave way has no connection while it pauses', async () => {
  const { driver, sends, checkedOut } = openRefused('40P01');
  const caller = new AbortController();
  const seen: number[][] = [];
  vi.spyOn(clock, 'setTimeout').mockImplementation(() => {
    seen.push([sends(), checkedOut()]);
    queueMicrotask(() => caller.abort());
    return undefined as never;
  });
  await driver.write([group], { ...NO_DEADLINE, signal: caller.signal });
  expect(seen).toEqual([[1, 0]]);
});

test.each([
  ['a put', [put], '55P03', 'BUSY'],
  ['a group', group, '23514', 'BACKEND_FAILED'],
] as const)('%s that fails for another reason is sent once', async (_, members, state, code) => {
  const { driver, sends } = openRefused(state);
  const [result] = await driver.write([members], NO_DEADLINE);
  expect(result).toMatchObject({ error: { code, outcome: 'not-applied' } });
  expect(sends()).toBe(1);
});
