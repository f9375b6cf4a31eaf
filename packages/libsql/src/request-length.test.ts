import { expect, test } from 'vitest';
import { bind } from './bind.ts';
import { requestLength } from './request-length.ts';

test('a request is counted as it is sent: bodies as base64, quoted characters as they are quoted', () => {
  const lengthWith = (value: string | Uint8Array): number => requestLength([bind('insert', [value])]);
  const empty = lengthWith('');
  expect(lengthWith(new Uint8Array(300)) - lengthWith(new Uint8Array())).toBe(400);
  expect(lengthWith('a'.repeat(10)) - empty).toBe(10);
  expect(lengthWith('ü'.repeat(10)) - empty).toBe(20);
  expect(lengthWith('"'.repeat(10)) - empty).toBe(20);
  expect(lengthWith('\u0001'.repeat(10)) - empty).toBe(60);
});
