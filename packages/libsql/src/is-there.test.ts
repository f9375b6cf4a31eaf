import { isHoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { isThere } from './is-there.ts';

const answer = (code: string): unknown => {
  const look = (): never => {
    throw Object.assign(new Error(`${code}: '/host/secret'`), { code });
  };
  try {
    return isThere('/a', look);
  } catch (error) {
    return isHoldfastError(error) && !error.message.includes('secret') ? `${error.code} ${error.outcome}` : error;
  }
};

test('what is there is there', () => {
  expect(isThere('/a', () => ({}))).toBe(true);
});

test.each(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'])('%s says that nothing is there', (code) => {
  expect(answer(code)).toBe(false);
});

test.each([
  ['EACCES', 'ACCESS_DENIED not-applied'],
  ['EPERM', 'ACCESS_DENIED not-applied'],
  ['ERR_ACCESS_DENIED', 'ACCESS_DENIED not-applied'],
  ['EIO', 'UNAVAILABLE not-applied'],
  ['ENOMEM', 'UNAVAILABLE not-applied'],
  ['ELOOP', 'UNAVAILABLE not-applied'],
])('%s says nothing about what is there', (code, refused) => {
  expect(answer(code)).toBe(refused);
});
