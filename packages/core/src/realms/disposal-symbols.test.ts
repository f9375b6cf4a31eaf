import { expect, test } from 'vitest';
import { completeSymbols } from './disposal-symbols.ts';

test('a realm that lacks the symbols of `using` gets those of Node 22', () => {
  const symbols: { readonly dispose?: symbol; readonly asyncDispose?: symbol } = {};
  completeSymbols(symbols);
  expect(symbols.dispose).toBe(Symbol.for('nodejs.dispose'));
  expect(symbols.asyncDispose).toBe(Symbol.for('nodejs.asyncDispose'));
});

test('what a realm has stays as it is', () => {
  const symbols = Object.freeze({ dispose: Symbol('a'), asyncDispose: Symbol('b') });
  completeSymbols(symbols);
  expect(Object.values(symbols).map(String)).toEqual(['Symbol(a)', 'Symbol(b)']);
});
