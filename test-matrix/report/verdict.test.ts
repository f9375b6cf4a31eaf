import { expect, test } from 'vitest';
import { BYTE_ONLY, hotKeyPoint, ranBackend, unstartedBackend } from './testing/made-up-report.ts';
import { isOk, verdictOf } from './verdict.ts';

const memory = ranBackend('memory');
const disk = ranBackend('disk', { capabilities: BYTE_ONLY });
const broken = ranBackend('broken', { failed: { 'list.order': 'no order', 'bytes.empty': 'nothing' } });
const lossy = ranBackend('lossy', {
  hotKey: { updatesPerWriter: 100, points: [hotKeyPoint(1, { exact: false })], failure: null },
});
const unstarted = unstartedBackend('postgres', 'nothing answers');
const leftOut = [{ id: 'libsql', name: 'libSQL', by: '--only' }] as const;

const found = (backends: Parameters<typeof isOk>[0]['backends'], out: typeof leftOut | [] = []) => ({
  servers: [],
  backends,
  strayErrors: [],
  leftOut: out,
});

test('a run in which nothing failed says what passed and what was refused', () => {
  const { passed, refused } = disk.counts;
  const total = memory.scenarios.length * 2;
  expect(isOk(found([memory, disk]))).toBe(true);
  expect(verdictOf(found([memory, disk]))).toBe(
    `All 2 backends keep the contract: of ${total} scenarios, ${memory.counts.passed + passed} passed and ${refused} not promised.`,
  );
});

test('what was left out is in the sentence, and not among all', () => {
  expect(isOk(found([memory, disk], leftOut))).toBe(true);
  expect(verdictOf(found([memory, disk], leftOut))).toMatch(
    /^All 2 backends that ran keep .*; libSQL left out on purpose\.$/,
  );
  expect(verdictOf(found([memory]))).toMatch(/^memory keeps the contract/);
});

test('what failed is named', () => {
  const report = found([memory, broken, lossy, unstarted], leftOut);
  expect(isOk(report)).toBe(false);
  expect(verdictOf(report)).toBe(
    '3 of 4 backends do not keep the contract: broken fails 2 scenarios, lossy fails on the hot key and postgres could not start; libSQL left out on purpose.',
  );
});

test('a run of nothing is not ok, and neither is one whose server did not stop', () => {
  expect(isOk(found([]))).toBe(false);
  const failure = { stage: 'stop', code: null, reason: 'it hangs' } as const;
  const servers = [{ server: 'postgres', source: 'binary', description: 'PostgreSQL', failure }] as const;
  expect(isOk({ ...found([memory]), servers })).toBe(false);
  expect(verdictOf({ ...found([memory]), servers })).toContain('a server did not stop');
});

test('a run with an error that nobody caught while no backend ran is not ok', () => {
  const strayErrors = [{ stage: 'stray', code: null, reason: 'Error: out of nowhere' }] as const;
  expect(isOk({ ...found([memory]), strayErrors })).toBe(false);
  expect(verdictOf({ ...found([memory]), strayErrors })).toBe(
    'No scenario failed, but 1 error went astray while no backend ran.',
  );
});
