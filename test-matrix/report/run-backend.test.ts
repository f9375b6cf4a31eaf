import type { ScenarioReport } from '@holdfast/contract';
import { openMemory } from '@holdfast/memory';
import { followGlobals } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scenarioTimeoutMs } from '../scenario-timeout.ts';
import { runBackend } from './run-backend.ts';

beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a scenario has as long at full effort as the slowest backend takes', async () => {
  const timeoutMs = scenarioTimeoutMs('full');
  let stores = 0;
  const store = { open: async () => openMemory(), destroy: async () => {} };
  const ended: ScenarioReport[] = [];
  // The first store shows that there is one, the second what it claims.
  const createStore = () => ((stores += 1) <= 2 ? Promise.resolve(store) : new Promise<never>(() => {}));
  const backend = { id: 'hangs', name: 'hangs', server: undefined, harness: { name: 'hangs', createStore } };
  void runBackend(backend, 'full', { onScenario: (report) => ended.push(report) });
  await vi.advanceTimersByTimeAsync(timeoutMs - 1);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  // A turn is waited for what nobody handled.
  await vi.waitUntil(() => ended.length > 0);
  expect(ended).toMatchObject([
    { status: 'failed', reason: expect.stringContaining(`within ${timeoutMs} ms`) as string },
  ]);
});
