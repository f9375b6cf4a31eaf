import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wellFormed } from '../../../test/support/arbitraries.ts';
import { FieldWriter } from './field-writer.ts';

function hex(writer: FieldWriter): string {
  return Buffer.from(writer.written()).toString('hex');
}

test('fields have fixed lengths, or come after their lengths', () => {
  expect(hex(new FieldWriter())).toBe('');
  expect(hex(new FieldWriter().tag(255))).toBe('ff');
  expect(hex(new FieldWriter().number(-1.5))).toBe('bff8000000000000');
  expect(hex(new FieldWriter().bytes(new Uint8Array([1, 2])))).toBe('000000020102');
  expect(hex(new FieldWriter().text('aé😀'))).toBe('0000000761c3a9f09f9880');
});

test('it grows with what is written, by one field or by many', () => {
  const long = '😀'.repeat(5000);
  const expected = Buffer.from(long).toString('hex');
  expect(hex(new FieldWriter().tag(7).text(long).tag(8))).toBe(`0700004e20${expected}08`);
  const many = new FieldWriter();
  for (let nth = 0; nth < 1000; nth += 1) many.bytes(new Uint8Array([9])).number(0);
  expect(hex(many)).toBe('00000001090000000000000000'.repeat(1000));
});

test('law: other fields give other bytes', () => {
  const write = (texts: readonly string[]): string => hex(texts.reduce((to, text) => to.text(text), new FieldWriter()));
  fc.assert(
    fc.property(fc.array(wellFormed), fc.array(wellFormed), (one, other) => {
      expect(write(one) === write(other)).toBe(one.length === other.length && one.every((it, at) => it === other[at]));
    }),
  );
});
