import { expect, test } from 'vitest';
import { parseArguments } from './parse-arguments.ts';

test('without arguments everything runs at full effort', () => {
  expect(parseArguments([])).toEqual({
    effort: 'full',
    only: undefined,
    without: undefined,
    output: undefined,
    help: false,
  });
});

test('lists of ids may have spaces, and a separator that npm passes on does not count', () => {
  const args = ['--', '--effort', 'quick', '--only', 'a, b,', '--without=c', '--output', 'x'];
  expect(parseArguments(args)).toEqual({ effort: 'quick', only: ['a', 'b'], without: ['c'], output: 'x', help: false });
});

test.each([
  [['--efort', 'quick'], '--efort'],
  [['memory'], 'memory'],
  [['--effort', 'constructor'], '--effort must be one of quick, full, long, not constructor'],
  [['--effort'], '--effort'],
  [['--only', ' , '], '--only needs the id of a backend'],
  [['--without='], '--without needs the id of a backend'],
  [['--output='], '--output needs a folder'],
])('%j is refused with a reason', (args, reason) => {
  expect(() => parseArguments(args)).toThrow(reason);
});
