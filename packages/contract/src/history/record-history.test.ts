import { expect, test } from 'vitest';
import { openMemory } from '@holdfast/memory';
import { checkHistory } from './check-history.ts';
import type { HistoryEvent } from './history.ts';
import { recordHistory } from './record-history.ts';

const SIZE = { writers: 3, operations: 20, seed: 1 };

function choices(events: readonly HistoryEvent[]): string[] {
  return events.map((event) => (event.type === 'read' ? `read ${event.saw}` : `${event.tag} on ${event.onTopOf}`));
}

test('every operation of every writer is recorded, and a good filesystem has a history that is accepted', async () => {
  const events = await recordHistory([openMemory()], '/key', SIZE);
  expect(events).toHaveLength(60);
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['read', 'write']));
  expect(events.every(({ start, end }) => start <= end)).toBe(true);
  checkHistory(events);
});

test('the seed decides what a writer does', async () => {
  // What several see of each other depends on when they are let run.
  const alone = { ...SIZE, writers: 1 };
  const record = async (seed: number) => choices(await recordHistory([openMemory()], '/key', { ...alone, seed }));
  expect(await record(1)).toEqual(await record(1));
  expect(await record(1)).not.toEqual(await record(2));
});

test('all begin with a creation, of which one lands', async () => {
  const events = await recordHistory([openMemory()], '/key', { writers: 5, operations: 1, seed: 1 });
  const writes = events.filter((event) => event.type === 'write');
  expect(writes.map(({ onTopOf }) => onTopOf)).toEqual(Array.from({ length: 5 }, () => undefined));
  expect(writes.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
});
