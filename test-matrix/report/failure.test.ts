import { expect, test, vi } from 'vitest';
import { HoldfastError } from '@holdfast/core';
import { describeFailure, presentable } from './failure.ts';

test('the code of an error is told, of ours and of drivers', () => {
  expect(describeFailure('store', new HoldfastError('UNAVAILABLE', 'nothing answers'))).toEqual({
    stage: 'store',
    code: 'UNAVAILABLE',
    reason: 'HoldfastError: nothing answers',
  });
  const driver = Object.assign(new TypeError('refused'), { code: 'ECONNREFUSED' });
  expect(describeFailure('server', driver)).toEqual({
    stage: 'server',
    code: 'ECONNREFUSED',
    reason: 'TypeError: refused',
  });
  expect(describeFailure('stop', 'text')).toEqual({ stage: 'stop', code: null, reason: 'text' });
});

test('credentials do not get into a reason', () => {
  expect(presentable('at postgres://me:se%40cret@host:1/db and http://x@y', [])).toBe(
    'at postgres://…@host:1/db and http://…@y',
  );
  vi.stubEnv('HOLDFAST_POSTGRES_URL', 'postgres://me:s3cr%2Fet@host/db');
  vi.stubEnv('HOLDFAST_LIBSQL_AUTH_TOKEN', 'ey.token');
  const told = presentable('password "s3cr/et" or s3cr%2Fet, Bearer ey.token, postgres://me:s3cr%2Fet@host/db');
  expect(told).not.toMatch(/s3cr|token/);
});

test('a reason without end is cut, and says so', () => {
  expect(presentable('x'.repeat(5000), [])).toBe(`${'x'.repeat(4000)}… (1000 more characters)`);
});
