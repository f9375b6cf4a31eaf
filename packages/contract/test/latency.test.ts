import { setTimeout as sleep } from 'node:timers/promises';
import { openMemory } from '@holdfast/memory';
import { expect, test } from 'vitest';
import { injectFaults, runContract } from '../src/index.ts';

// What fails here is not an adapter but the defaults of `casUpdate`.
test('a correct adapter whose calls take a millisecond passes the storms at full effort', async () => {
  const slowMemory = async () => {
    const filesystem = openMemory({ maxBodyBytes: 1024 });
    const effect = () => sleep(2 * Math.random());
    injectFaults(filesystem).add({ on: 'get', when: 'before', effect }).add({ on: 'put', when: 'before', effect });
    return filesystem;
  };
  const report = await runContract(
    { name: 'slow memory', createStore: async () => ({ open: slowMemory, destroy: async () => {} }) },
    { only: ['cas.storm-one-instance', 'cas.create-race'] },
  );
  expect(report.scenarios.filter(({ status }) => status !== 'passed')).toEqual([]);
}, 120_000);
