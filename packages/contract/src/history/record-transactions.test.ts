import { openMemory } from '@holdfast/memory';
import { expect, test } from 'vitest';
import { checkTransactions } from './check-transactions.ts';
import { recordLastReads, recordTransactions, type TransactionMix } from './record-transactions.ts';

const PATHS = ['/d/a', '/d/b', '/d/c', '/d/e'];
const MIX: TransactionMix = {
  name: 'w',
  workers: 4,
  transactions: 40,
  seed: 1,
  paths: PATHS,
  interrupted: false,
};

test('every transaction of every worker is recorded, and a good filesystem is accepted', async () => {
  const memory = openMemory();
  const events = await recordTransactions([memory], MIX);
  const last = await recordLastReads([memory], PATHS, events);
  const committed = events.filter(({ outcome }) => outcome === 'committed');
  expect(committed).toHaveLength(160);
  expect(events.some(({ reads, writes }) => Object.keys(reads).length > 1 && Object.keys(writes).length > 1)).toBe(
    true,
  );
  expect(Math.min(...last.map(({ start }) => start))).toBeGreaterThan(Math.max(...events.map(({ end }) => end)));
  checkTransactions([...events, ...last]);
});

test('what is read last has to be what the transactions have left', async () => {
  const events = await recordTransactions([openMemory()], MIX);
  const ofAnother = await recordLastReads([openMemory()], PATHS, events);
  expect(() => checkTransactions([...events, ...ofAnother])).toThrow('expected transactions that could have been done');
});

test('the seed decides what a worker does', async () => {
  const record = async (seed: number) => recordTransactions([openMemory()], { ...MIX, workers: 1, seed });
  expect(await record(1)).toEqual(await record(1));
  expect(await record(1)).not.toEqual(await record(2));
});
