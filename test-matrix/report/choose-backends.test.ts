import { expect, test } from 'vitest';
import type { Backend } from '../backends/index.ts';
import { chooseBackends } from './choose-backends.ts';

const [one, two, three] = ['one', 'two', 'three'].map((id): Backend => ({
  id,
  name: `The ${id}`,
  server: undefined,
  harness: { name: id, createStore: () => Promise.reject(new Error(id)) },
})) as [Backend, Backend, Backend];
const registry = [one, two, three];

test('everything runs unless something is left out', () => {
  expect(chooseBackends(registry, {})).toEqual({ backends: registry, leftOut: [] });
});

test('what is left out is told, with what asked for it, in the order of the registry', () => {
  expect(chooseBackends(registry, { only: ['three', 'one'] })).toEqual({
    backends: [one, three],
    leftOut: [{ id: 'two', name: 'The two', by: '--only' }],
  });
  expect(chooseBackends(registry, { without: ['one'] }, [three])).toEqual({
    backends: [two],
    leftOut: [
      { id: 'one', name: 'The one', by: '--without' },
      { id: 'three', name: 'The three', by: 'HOLDFAST_MATRIX_WITHOUT' },
    ],
  });
});

test('an id that names no backend is refused, with those that there are', () => {
  for (const choice of [{ only: ['One'] }, { without: ['One'] }]) {
    expect(() => chooseBackends(registry, choice)).toThrow('no backend is called One; there are: one, two, three');
  }
});

test('a run of nothing is refused', () => {
  expect(() => chooseBackends(registry, { only: ['one'], without: ['one'] })).toThrow('no backend is left to run');
  expect(() => chooseBackends(registry, { only: ['one'] }, [one])).toThrow('no backend is left to run');
});
