import { describe, expect, it } from 'vitest';
import { BACKENDS } from './index.ts';
import { selectBackends } from './selection.ts';

const ids = BACKENDS.map(({ id }) => id);

describe('selectBackends', () => {
  it.each([undefined, '', ' , '])('selects every backend when nothing is to be left out (%j)', (value) => {
    expect(selectBackends({ HOLDFAST_MATRIX_WITHOUT: value })).toEqual({ selected: BACKENDS, leftOut: [] });
  });

  it('leaves out those that are named and says which', () => {
    const { selected, leftOut } = selectBackends({ HOLDFAST_MATRIX_WITHOUT: ' local-disk,memory' });
    expect(leftOut.map(({ id }) => id)).toEqual(ids.filter((id) => id === 'memory' || id === 'local-disk'));
    expect(selected.map(({ id }) => id)).toEqual(ids.filter((id) => id !== 'memory' && id !== 'local-disk'));
  });

  it('refuses an id that no backend has, and names those there are', () => {
    expect(() => selectBackends({ HOLDFAST_MATRIX_WITHOUT: 'memory,postgress' })).toThrow(
      `names postgress; there are only ${ids.join(', ')}`,
    );
  });

  it('refuses to leave out all', () => {
    expect(() => selectBackends({ HOLDFAST_MATRIX_WITHOUT: ids.join(',') })).toThrow('leaves no backend');
  });
});
