import { expect, test } from 'vitest';
import { FAMILIES } from './families.ts';
import { BYTE_ONLY, madeUpReport, ranBackend, unstartedBackend } from './testing/made-up-report.ts';
import { textTable } from './text-table.ts';

const report = madeUpReport(
  [
    ranBackend('memory', { failed: { 'list.order': 'no order' } }),
    unstartedBackend('postgres', 'nothing answers'),
    ranBackend('local-disk', { capabilities: BYTE_ONLY }),
  ],
  { leftOut: [{ id: 'x', name: 'X\u001B[2J', by: 'HOLDFAST_MATRIX_WITHOUT' }] },
);
const lines = textTable(report).split('\n');

/** The cells of the row that begins so. */
function row(name: string): string[] {
  const line = lines.find((it) => it.startsWith(name)) ?? '';
  return line.split(/ {3,}|(?<=✗ no start)/).map((it) => it.trim());
}

test('has a row for every family and a column for every backend', () => {
  expect(lines[0]?.trim().split(/\s+/)).toEqual(['memory', 'postgres', 'local-disk']);
  for (const family of FAMILIES) expect(lines.filter((it) => it.startsWith(`${family} `))).toHaveLength(1);
});

test('tells passed, refused, failed and not started apart', () => {
  expect(row('list')[1]).toMatch(/^✗ 1 ✓ \d+ /);
  expect(row('list').join()).toContain('✗ no start');
  expect(row('cas').at(-1)).toMatch(/^⊘ \d+ /);
  expect(row('hot key').at(-1)).toBe('⊘');
});

test('says below what was left out, with nothing that steers a terminal', () => {
  expect(lines.at(-1)).toBe('LEFT OUT  X\\u{1b}[2J (HOLDFAST_MATRIX_WITHOUT)');
});

test('what fails a backend and is no scenario is in its column, and so is that it failed', () => {
  const failure = { stage: 'hot key', code: null, reason: 'Error: no store' } as const;
  const strayErrors = [{ stage: 'stray', code: null, reason: 'Error: out of nowhere' }] as const;
  const table = textTable(
    madeUpReport([
      ranBackend('well'),
      ranBackend('stray', { strayErrors }),
      ranBackend('unmeasured', { hotKey: { updatesPerWriter: 100, points: [], failure } }),
      ranBackend('empty', { hotKey: { updatesPerWriter: 100, points: [], failure: null } }),
    ]),
  );
  const cells = (name: string) => table.match(new RegExp(`^${name} .*$`, 'm'))?.[0].match(/[✓✗]/g);
  expect(cells('hot key')).toEqual(['✓', '✓', '✗', '✗']);
  expect(cells('uncaught errors')).toEqual(['✓', '✗', '✓', '✓']);
  expect(cells('result')).toEqual(['✓', '✗', '✗', '✗']);
});
