import { expect, test } from 'vitest';
import { driverError } from './driver-error.ts';

const DRIVER = { name: 'a-driver', range: '>=1.2.0 <2' };

test.each([
  ['ERR_MODULE_NOT_FOUND', 'UNSUPPORTED', 'a-driver is not installed; run `npm install a-driver@">=1.2.0 <2"`'],
  [
    'MODULE_NOT_FOUND',
    'UNSUPPORTED',
    'a-driver cannot be loaded (MODULE_NOT_FOUND); run `npm install a-driver@">=1.2.0 <2"`',
  ],
  [undefined, 'UNSUPPORTED', 'a-driver cannot be loaded; run `npm install a-driver@">=1.2.0 <2"`'],
  [
    'ERR_ACCESS_DENIED',
    'ACCESS_DENIED',
    "Node's permission model does not let a-driver be loaded; run Node with --allow-addons and a fitting --allow-fs-read (ERR_ACCESS_DENIED)",
  ],
])('a driver that could not be loaded for %s is %s, with what to do about it', (code, expected, message) => {
  const thrown = Object.assign(new Error('Cannot find package in /canary'), { code });
  const error = driverError(DRIVER, thrown);
  expect(error).toMatchObject({ code: expected, operation: 'open', retryable: false, message });
  expect(error.rawCause()).toBe(thrown);
});
