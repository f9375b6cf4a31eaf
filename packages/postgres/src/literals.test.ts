import { expect, test } from 'vitest';
import { arrayText, withLiterals } from './literals.ts';

test('an array is text in which nothing that its values have is special', () => {
  expect(arrayText([])).toBe('{}');
  expect(arrayText(['a', null, '', 'null', `"\\,{}'`])).toBe(String.raw`{"a",null,"","null","\"\\,{}'"}`);
});

test('values stand in place of their placeholders, and are not looked at for others', () => {
  const literals = withLiterals('$1 $2 $10 $1', [`'$2\\`, 'b', '', '', '', '', '', '', '', Buffer.from([0, 255])]);
  expect(literals).toBe(String.raw`E'''$2\\' E'b' pg_catalog.decode('00ff', 'hex') E'''$2\\'`);
});
