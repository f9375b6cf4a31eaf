import { expect, test } from 'vitest';
import { SharedAnswers } from './shared-answers.ts';

test('as many reads share a request as an answer has room for, by what the last ones were', () => {
  const answers = new SharedAnswers();
  const reads = Array.from({ length: 300 }, (_, n) => n);
  const sizes = (): number[] => answers.divide(reads).map((request) => request.length);
  expect(sizes()).toEqual([128, 128, 44]);
  expect(answers.divide(reads).flat()).toEqual(reads);
  for (let n = 0; n < 100; n += 1) answers.note([{ body: new Uint8Array(100_000), version: 'v' }]);
  expect(sizes()).toEqual(Array(30).fill(10));
  for (let n = 0; n < 100; n += 1) answers.note([{ body: new ArrayBuffer(4_000_000) }]);
  expect(sizes()).toEqual(Array(300).fill(1));
  for (let n = 0; n < 200; n += 1) answers.note([]);
  expect(sizes()[0]).toBe(128);
});
