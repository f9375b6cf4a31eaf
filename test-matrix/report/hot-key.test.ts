import { openMemory } from '@holdfast/memory';
import { expect, test, vi } from 'vitest';
import { measureHotKey, measurePoint, takesHotKey } from './hot-key.ts';
import { hotKeyFailures } from './run-backend.ts';
import { BYTE_ONLY, VERSIONED } from './testing/made-up-report.ts';

const memory = {
  name: 'memory',
  createStore: async () => ({ open: async () => openMemory(), destroy: async () => {} }),
};

test('only a backend that takes versioned records has a hot key', () => {
  expect([VERSIONED, BYTE_ONLY, { ...VERSIONED, records: false }].map(takesHotKey)).toEqual([true, false, false]);
});

test('every number of writers is measured, each update once, and the counter is exact', async () => {
  const told: number[] = [];
  const report = await measureHotKey(memory, 'quick', ({ writers }) => told.push(writers));
  expect(report).toMatchObject({ updatesPerWriter: 10, failure: null });
  expect(told).toEqual([1, 4, 16, 64]);
  for (const { writers, ...point } of report.points) {
    const updates = writers * 10;
    expect(point).toMatchObject({
      updates,
      failed: 0,
      failure: null,
      counter: updates,
      exact: true,
      latency: { count: updates },
    });
    expect(point.attempts?.mean).toBeGreaterThanOrEqual(1);
  }
  expect(report.points[0]?.attempts).toEqual({ mean: 1, max: 1 });
  expect(report.points[3]?.attempts?.max).toBeGreaterThan(1);
  expect(hotKeyFailures(report)).toEqual([]);
});

test('a counter that a lost update left behind is not exact', async () => {
  await using filesystem = openMemory();
  const put = filesystem.put.bind(filesystem);
  // One that writes whatever is there: of writers that have read the same count, only one is counted.
  vi.spyOn(filesystem, 'put').mockImplementation((path, entry, _expectation, options) =>
    put(path, entry, 'any', options),
  );
  const point = await measurePoint(filesystem, 4, 10);
  expect(point).toMatchObject({ failed: 0, exact: false });
  expect(point.counter).toBeLessThan(40);
  const failures = hotKeyFailures({ updatesPerWriter: 10, points: [point], failure: null });
  expect(failures).toEqual([`With 4 writers and 40 updates that succeeded, the counter says ${point.counter}.`]);
});

test('updates that fail are counted, with the reason of the first', async () => {
  await using filesystem = openMemory();
  const put = filesystem.put.bind(filesystem);
  let puts = 0;
  vi.spyOn(filesystem, 'put').mockImplementation((...args) => {
    puts += 1;
    return puts === 3 ? Promise.reject(new Error('the disk is full')) : put(...args);
  });
  const point = await measurePoint(filesystem, 1, 10);
  expect(point).toMatchObject({ updates: 10, failed: 1, counter: 9, exact: true, latency: { count: 9 } });
  expect(hotKeyFailures({ updatesPerWriter: 10, points: [point], failure: null })).toEqual([
    expect.stringMatching(/^With one writer, 1 of 10 updates failed\. The first: .*\bError/),
  ]);
});

test('a store that cannot be opened or closed ends up in the report', async () => {
  const createStore = () => Promise.reject(new Error('no room'));
  expect(await measureHotKey({ name: 'none', createStore }, 'quick')).toMatchObject({
    points: [],
    failure: { stage: 'hot key', reason: 'Error: no room' },
  });
  const destroy = () => Promise.reject(new Error('still busy'));
  const stuck = { name: 'stuck', createStore: async () => ({ open: async () => openMemory(), destroy }) };
  const report = await measureHotKey(stuck, 'quick');
  expect(report.points).toHaveLength(4);
  expect(hotKeyFailures(report)).toEqual(['The measurement ended early: Error: still busy']);
});
