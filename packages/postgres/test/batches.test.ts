import type { GroupMember } from '@holdfast/sql';
import { expect, test } from 'vitest';
import { openGroupPort } from './support/group-port.ts';
import { lockRow, lockTable, lockUnmade } from './support/row-lock.ts';
import { makeScratchSchema, killConnections, runSql } from './support/scratch-schema.ts';

const landed = { changed: [1] };

test('groups of a list go out as one statement, but for what is named twice', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port, texts } = opened;
  texts.length = 0;
  const puts = Array.from({ length: 40 }, (_, n) => [port.put(`/${n}`, 'absent')] as const);
  expect(await port.writeAll(...puts)).toEqual(puts.map(() => landed));
  expect(texts).toHaveLength(1);
  texts.length = 0;
  const twice = [[port.put('/a', 'absent')], [port.put('/a', 'absent')], [port.put('/b', 'any')]] as const;
  expect(await port.writeAll(...twice)).toEqual([landed, { unmet: [0] }, landed]);
  expect(texts).toHaveLength(2);
});

test('a group of several is all or nothing among others, and keeps what it checks', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port, texts } = opened;
  const mismatched = await port.writeAll(
    [port.put('/1/a', 'absent'), port.put('/1/b', 'absent'), port.check('/1/c', 'absent')],
    [port.put('/2/a', 'absent'), port.delete('/2/b', 'any'), port.check('/2/a/x', 'absent')],
    [port.delete('/3', 'any')],
    [port.put('/4', 'any')],
  );
  expect(mismatched).toEqual([{ changed: [1, 1, 0] }, { changed: [1, 0, 0] }, { changed: [0] }, landed]);
  const version = await port.version('/4');
  if (version === undefined) throw new Error('it is not there');
  texts.length = 0;
  const answers = await port.writeAll(
    [port.put('/1/a', 'any'), port.put('/1/c', version), port.check('/1/b', 'absent')],
    [port.delete('/4', version)],
    [port.put('/5', 'any'), port.check('/6', 'absent')],
    [port.put('/2/a', 'absent')],
  );
  expect(answers).toEqual([{ unmet: [1, 2] }, landed, { changed: [1, 0] }, { unmet: [0] }]);
  expect(texts).toHaveLength(1);
  const left = await runSql(
    scratch.connectionString,
    `select path from ${scratch.schema}.holdfast_entries order by path`,
  );
  expect(left.map(({ path }) => path)).toEqual(['/1/a', '/1/b', '/2/a', '/5']);
  // Nothing but absences, which have all in common.
  expect(await port.writeAll([port.delete('/7', 'any'), port.check('/8', 'absent')])).toEqual([{ changed: [0, 0] }]);
  expect(await port.writeAll([port.delete('/7', 'any'), port.check('/5', 'absent')])).toEqual([{ unmet: [1] }]);
});

test('each entry of a batch has what it was put with, whether that is the same for all of them or not', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  const same = { kind: 'k', contentType: 'c/d', indexed: { n: 1 } };
  const others = [same, { contentType: 'c/e' }, { ...same, indexed: { n: 2 } }, { ...same, kind: undefined }, {}];
  for (const [round, entries] of [others.map(() => same), others, others.map(() => ({}))].entries()) {
    const bodyOf = (n: number) => Uint8Array.from({ length: n }, () => round);
    const puts = entries.map((entry, n) => port.put(`/${n}`, 'any', { ...entry, body: bodyOf(n) }));
    const [first, second, ...single] = puts as [GroupMember, GroupMember, ...GroupMember[]];
    const groups = [[first, second], ...single.map((put) => [put] as const)] as const;
    expect(await port.writeAll(...groups)).toEqual(groups.map((group) => ({ changed: group.map(() => 1) })));
    const stored = await runSql(
      scratch.connectionString,
      `select path, kind, content_type, indexed, version, encode(body, 'hex') as body
       from ${scratch.schema}.holdfast_entries order by path`,
    );
    const rows = puts.map((put) => ('row' in put ? put.row : undefined));
    expect(stored).toEqual(rows.map((row) => ({ ...row, body: Buffer.from(row?.body ?? []).toString('hex') })));
  }
});

test('a group that meets a row that somebody holds waits by itself; the others have landed', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  for (const path of ['/a', '/b', '/c']) await port.write(port.put(path, 'any'));
  await using lock = await lockRow(scratch.schema, '/b');
  const before = [await port.version('/a'), await port.version('/c')];
  const answers = port.writeAll(
    [port.put('/a', 'any')],
    [port.put('/b', 'any'), port.put('/d', 'absent')],
    [port.put('/c', 'any')],
  );
  await lock.waitedForBy(1);
  const after = [await port.version('/a'), await port.version('/c')];
  for (const [index, version] of after.entries()) expect(version).not.toBe(before[index]);
  expect(await port.version('/d')).toBe(undefined);
  await lock.release();
  expect(await answers).toEqual([landed, { changed: [1, 1] }, landed]);
});

test('groups that another has overtaken find what is there then', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  await using unmade = await lockUnmade(scratch.schema, '/b');
  const answers = port.writeAll([port.put('/a', 'absent')], [port.put('/b', 'absent')], [port.put('/c', 'absent')]);
  await unmade.waitedForBy(1);
  await unmade.make();
  expect(await answers).toEqual([landed, { unmet: [0] }, landed]);
});

test('whoever has inserted at a path and does not commit keeps the groups at other paths for a moment only', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  await using unmade = await lockUnmade(scratch.schema, '/b');
  const answers = port.writeAll([port.put('/a', 'absent')], [port.put('/b', 'absent'), port.put('/d', 'any')]);
  await expect.poll(() => port.version('/a')).toBeDefined();
  await unmade.waitedForBy(1);
  expect(await port.version('/d')).toBe(undefined);
  await unmade.release();
  expect(await answers).toEqual([landed, { changed: [1, 1] }]);
});

test('what the server refuses is the error of the group that has it, and of no other', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  const contentType = null as unknown as string;
  const answers = await port.writeAll(
    [port.put('/a', 'absent')],
    [port.put('/b', 'absent', { contentType })],
    [port.put('/c', 'absent')],
  );
  expect(answers).toEqual([landed, { error: expect.objectContaining({ outcome: 'not-applied' }) as Error }, landed]);
  expect([await port.version('/a'), await port.version('/b')].map((version) => version !== undefined)).toEqual([
    true,
    false,
  ]);
});

test('groups whose connection is ended are unknown, each with an error of its own', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  await using lock = await lockTable(scratch.schema);
  const writing = port.writeAll([port.put('/a', 'absent')], [port.put('/b', 'absent')]);
  await lock.waitedForBy(1);
  await killConnections(scratch.name);
  await lock.release();
  const errors = (await writing).map((answer) => ('error' in answer ? answer.error : undefined));
  for (const error of errors) expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' });
  expect(errors[0]).not.toBe(errors[1]);
  expect(await port.version('/a')).toBe(undefined);
});

test('a plan that was made for a small table is not kept for a large one', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const table = `${schema}.holdfast_entries`;
  {
    await using opened = await openGroupPort(scratch);
    const { port } = opened;
    const write = () => port.write(port.put('/x', 'any'), port.put('/y', 'any'));
    await write();
    await runSql(connectionString, `alter table ${table} set (autovacuum_enabled = off); analyze ${table}`);
    // The server keeps a plan after five of them.
    for (let round = 0; round < 10; round += 1) await write();
    await runSql(
      connectionString,
      `insert into ${table} (path, content_type, version, body)
         select '/d/' || n, 'x', 'v', '' from generate_series(1, 20000) n`,
    );
    for (let round = 0; round < 10; round += 1) await write();
  }
  // A connection hands in what it has counted when it ends at the latest.
  const counted = `select seq_tup_read::int as read from pg_stat_user_tables where schemaname = '${schema}' and relname = 'holdfast_entries'`;
  await expect
    .poll(async () => (await runSql(connectionString, counted))[0]?.['read'], { timeout: 20_000 })
    .toBeGreaterThan(0);
  // The first of those ten, which learned how large the table is, read it once for each path and to write; and all the small ones.
  expect((await runSql(connectionString, counted))[0]?.['read']).toBeLessThan(5 * 20_000);
});
