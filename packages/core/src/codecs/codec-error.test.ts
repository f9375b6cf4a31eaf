import { expect, test } from 'vitest';
import { THROWERS } from '../../test/support/hostile.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { isErrorOfCodec } from './codec-error.ts';
import { RecordInvalidError } from './record-invalid-error.ts';

test('what a codec says of a record is its own until it has an operation', () => {
  expect(isErrorOfCodec(new RecordInvalidError('no'))).toBe(true);
  expect(isErrorOfCodec(new HoldfastError('RECORD_TOO_NEW', 'no'))).toBe(true);
  // A codec that reads another record, which could not be read.
  expect(isErrorOfCodec(new RecordInvalidError('no', { operation: 'readRecord', path: '/other' }))).toBe(false);
});

test("whatever else it throws is the caller's", () => {
  const others = [new HoldfastError('INVALID_ARGUMENT', 'no'), new TypeError('no'), 'RECORD_INVALID', undefined];
  for (const thrown of [...others, ...THROWERS.map(([, make]) => make())]) expect(isErrorOfCodec(thrown)).toBe(false);
});
