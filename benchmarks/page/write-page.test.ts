import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { WRITERS } from '../groups/update-groups.ts';
import { niceStep } from './line-chart.ts';
import { writePage } from './write-page.ts';

const machine = {
  node: '24.0.0',
  platform: 'linux',
  arch: 'x64',
  cpus: 2,
  cpuModel: 'a model',
  temporaryFiles: 'disk' as const,
  syncMs: 1,
  versions: { pg: '8' },
};
const measured = WRITERS.map((writers) => ({
  id: `postgres-${writers}`,
  unit: 'per second' as const,
  ours: [writers * 100],
  peer: [writers * 90],
}));
const report = {
  machine,
  servers: ['PostgreSQL 18'],
  groups: [{ title: 'Updates', measured, notes: ['ours: power-loss'] }],
  when: new Date('2026-01-02T03:04:05Z'),
};

test('figures replace those of the run before, what people wrote stays, and pictures are beside it', async () => {
  await using scratch = await makeScratchDirectory('page');
  const page = join(scratch.path, 'performance.md');
  const [begin, end] = ['<!-- Figures, by `npm run bench -- --page`. -->', '<!-- End of figures. -->'];
  await writeFile(page, `# Before\n\n${begin}\n\nold\n\n${end}\n\nafter\n`);
  await writePage(report, scratch.path);
  const written = await readFile(page, 'utf8');
  await writePage(report, scratch.path);
  expect(await readFile(page, 'utf8')).toBe(written);

  expect(
    written.startsWith(`# Before\n\n${begin}\n\nMeasured on 2026-01-02: Node 24.0.0 on linux x64, 2 processors`),
  ).toBe(true);
  expect(written.endsWith(`\n\n${end}\n\nafter\n`)).toBe(true);
  expect(written).not.toContain('old');
  expect(written).toContain('\n| postgres-64 | 6,400 (6,400 to 6,400) | 5,760 (5,760 to 5,760) |  1.11 |\n');
  expect(await readdir(join(scratch.path, 'performance'))).toEqual(['postgres.svg']);
  const svg = await readFile(join(scratch.path, 'performance', 'postgres.svg'), 'utf8');
  expect(svg.match(/<circle class="ours"/g)).toHaveLength(WRITERS.length);
});

test('a page without a place for figures is left alone', async () => {
  await using scratch = await makeScratchDirectory('page');
  const page = join(scratch.path, 'performance.md');
  await writeFile(page, '# Nothing\n');
  await expect(writePage(report, scratch.path)).rejects.toThrow('does not say where figures go');
  expect(await readFile(page, 'utf8')).toBe('# Nothing\n');
});

test('lines of a chart are at round numbers', () => {
  expect([0.7, 1, 1.1, 2.1, 240, 501, 4999].map(niceStep)).toEqual([1, 1, 2, 5, 500, 1000, 5000]);
});
