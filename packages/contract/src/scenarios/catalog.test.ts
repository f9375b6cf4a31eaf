import { expect, test } from 'vitest';
import { SCENARIOS } from './catalog.ts';

test('no two scenarios have one id, or one title', () => {
  for (const field of ['id', 'title'] as const) {
    const values = SCENARIOS.map((scenario) => scenario[field]);
    expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
  }
});

test('an id is a family and a name in lower case', () => {
  expect(SCENARIOS.map(({ id }) => id).filter((id) => !/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/.test(id))).toEqual(
    [],
  );
});

test('a title is a sentence without a full stop', () => {
  expect(SCENARIOS.filter(({ title }) => !/^[^A-Z].*\s.*[^.]$/.test(title)).map(({ title }) => title)).toEqual([]);
});

test('a scenario has an opposite exactly when it needs something', () => {
  for (const { needs, unclaimed } of SCENARIOS) expect(unclaimed === undefined).toBe(needs.length === 0);
});

test('the scenarios of a family stand together', () => {
  const families = SCENARIOS.map(({ id }) => id.split('.')[0]);
  const changes = families.filter((family, index) => family !== families[index - 1]);
  expect(changes).toEqual([...new Set(families)]);
});
