import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summarize } from './latencies.ts';

test('percentiles are durations that occurred, by nearest rank', () => {
  const durations = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(summarize(durations)).toMatchObject({
    count: 200,
    mean: 100.5,
    min: 1,
    p50: 100,
    p90: 180,
    p99: 198,
    max: 200,
  });
  expect(summarize([7])).toMatchObject({ count: 1, mean: 7, min: 7, p50: 7, p90: 7, p99: 7, max: 7 });
});

test('nothing has no latency', () => {
  expect(summarize([])).toBeNull();
});

test('the histogram counts every duration once, in rising buckets around it', () => {
  const durations = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(durations, (values) => {
      const { histogram = [] } = summarize(values) ?? {};
      expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
      const bounds = histogram.map(({ atMostMs }) => atMostMs);
      expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
      // Bounds are rounded to four digits.
      expect((bounds.at(-1) ?? 0) * 1.001).toBeGreaterThanOrEqual(Math.max(...values));
      expect(histogram.length).toBeLessThanOrEqual(new Set(values).size);
    }),
  );
});
