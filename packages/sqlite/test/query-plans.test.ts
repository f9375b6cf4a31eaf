import { parsePath } from '@holdfast/core';
import { createStatements, getsStatement, nameTables, sqliteProfile, type SqlStatement } from '@holdfast/sql';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { openRaw } from './support/raw-database.ts';
import { makeScratch } from './support/scratch.ts';

test('no statement scans the table or sorts what it could read in order', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file });
  for (let child = 0; child < 50; child += 1) await store.put(`/d/${child}/x`, { body: new Uint8Array(1) }, 'absent');
  using raw = await openRaw(scratch.file);
  // With statistics the planner knows how small the table is, and is most tempted to scan it.
  for (const statistics of [false, true]) {
    if (statistics) raw.prepare('analyze').run();
    const tables = nameTables({ schema: 'main' }, sqliteProfile);
    const { list, ...others } = createStatements(sqliteProfile, tables);
    const { statement: gets } = getsStatement(sqliteProfile, tables).query(['/d/1/x']);
    const listing = list(parsePath('/d'), { after: undefined, limit: 9 }).statement;
    for (const { name, text } of [...Object.values(others), listing, gets] as SqlStatement[]) {
      const values = Array.from(text.matchAll(/\?/g), () => '["x"]');
      const plan = raw.prepare(`explain query plan ${text}`).all(...values);
      const steps = plan.map((step) => (step as { detail: string }).detail);
      expect(steps.filter((step) => /SCAN main.holdfast_/.test(step))).toEqual([]);
      // What `list` and `scan` sort is their own page.
      if (name !== 'list' && name !== 'scan') expect(steps.filter((step) => /TEMP B-TREE/.test(step))).toEqual([]);
      const searches = steps.filter((step) => step.startsWith('SEARCH main.holdfast_entries'));
      expect(searches.every((step) => / USING (COVERING )?INDEX /.test(step))).toBe(true);
      if (name === 'list') expect(searches).toHaveLength(3);
      if (name === 'list') expect(searches.every((step) => step.includes('holdfast_entries_child'))).toBe(true);
    }
  }
});

test('the cost of a page follows the page and not what lies below its children', async () => {
  await using store = await openSqlite({ file: ':memory:' });
  const body = new Uint8Array(1);
  for (let child = 0; child < 20; child += 1) await store.put(`/few/${child}/x`, { body }, 'absent');
  for (let child = 0; child < 20; child += 1) {
    for (let below = 0; below < 1000; below += 1) await store.put(`/many/${child}/${below}`, { body }, 'absent');
  }
  const times: Record<'/few' | '/many', number[]> = { '/few': [], '/many': [] };
  // In turn, so that what else the machine does meets both.
  for (let round = 0; round < 41; round += 1) {
    for (const directory of ['/few', '/many'] as const) {
      const start = performance.now();
      await store.list(directory);
      times[directory].push(performance.now() - start);
    }
  }
  const median = (of: number[]): number => of.toSorted((a, b) => a - b)[20] as number;
  // A thousand times as many entries; a walk over them would take hundreds of times as long.
  expect(median(times['/many'])).toBeLessThan(20 * median(times['/few']));
});
