import { parsePath, type Version } from '@holdfast/core';
import { createStatements, nameTables, postgresProfile, type SqlStatement, type WriteGroup } from '@holdfast/sql';
import pg from 'pg';
import { expect, test } from 'vitest';
import { BatchStatement } from '../src/batch-statement.ts';
import { GetsStatement } from '../src/gets-statement.ts';
import { openPostgres } from '../src/index.ts';
import { withLiterals } from '../src/literals.ts';
import { tableName } from '../src/table-name.ts';
import { TableSize } from '../src/table-size.ts';
import { openGroupPort } from './support/group-port.ts';
import { makeScratchSchema, runSql } from './support/scratch-schema.ts';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

test('no statement scans the table or sorts what it could read in order', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using _store = await openPostgres({ config: { connectionString }, schema });
  await runSql(
    connectionString,
    `insert into ${schema}.holdfast_entries (path, content_type, version, body)
       select '/d/' || n % 500 || '/' || n, 'x', 'v', '' from generate_series(1, 20000) n;
     analyze ${schema}.holdfast_entries`,
  );
  const { list, ...others } = createStatements(postgresProfile, nameTables({ schema }, postgresProfile));
  const listing = list(parsePath('/d'), { after: undefined, limit: 9 }).statement;
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    // What the server falls back to after five runs of a prepared statement, whatever the values.
    await client.query('set plan_cache_mode = force_generic_plan');
    for (const { name, text } of [...Object.values(others), listing] as SqlStatement[]) {
      const count = Math.max(...Array.from(text.matchAll(/\$(\d+)/g), ([, number]) => Number(number)));
      await client.query(`begin; prepare statement as ${text}`);
      const explained = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (analyze, format json) execute statement (${Array(count).fill("'1'").join()})`,
      );
      await client.query('rollback; deallocate statement');
      const [explanation] = explained.rows[0]?.['QUERY PLAN'] ?? [];
      const nodes = explanation === undefined ? [] : nodesOf(explanation.Plan);
      expect(nodes).not.toEqual([]);
      const kinds = nodes.map((node) => node['Node Type']);
      expect(kinds.filter((kind) => /^Seq Scan$|Bitmap/.test(kind))).toEqual([]);
      // What `list` sorts is its own page.
      if (name !== 'list') expect(kinds.filter((kind) => kind.includes('Sort'))).toEqual([]);
      const indexes = nodes.map((node) => node['Index Name']).filter((index) => index !== undefined);
      if (name === 'list') expect(indexes).toEqual(Array(3).fill('holdfast_entries_child'));
      // For the lengths, and then for the rows.
      else if (name === 'scan') expect(indexes).toEqual(Array(2).fill('holdfast_entries_pkey'));
      else if (!/^put(?:Absent|Any)$/.test(name)) expect(indexes).toEqual(['holdfast_entries_pkey']);
    }
  } finally {
    await client.end();
  }
});

test('nor does one over many paths, whatever it does there', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  await runSql(
    connectionString,
    `insert into ${schema}.holdfast_entries (path, content_type, version, body)
       select '/d/' || n, 'x', 'v', decode(repeat('07', 200), 'hex') from generate_series(1, 8500) n;
     analyze ${schema}.holdfast_entries`,
  );
  // Hardly more than a small table has, for each size of which there is another plan.
  const [stored] = await runSql(connectionString, `select pg_relation_size('${schema}.holdfast_entries') as bytes`);
  const version = '00000000-0000-4000-8000-000000000000' as Version;
  const groups: readonly WriteGroup[] = [
    [port.put('/a', 'any'), port.check('/b', version)],
    [port.put('/a', 'absent'), port.put('/b', 'absent')],
    [port.put('/a', version), port.put('/b', version)],
    [port.delete('/a', version), port.delete('/b', version)],
    [port.put('/a', 'any'), port.delete('/b', version)],
  ];
  const tables = nameTables({ schema }, postgresProfile);
  const size = new TableSize(tableName(tables));
  size.learn(stored ?? {});
  expect(size.isAsked).toBe(false);
  const statement = new BatchStatement(tables, size);
  const gets = new GetsStatement(tables, size);
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('set plan_cache_mode = force_generic_plan');
    const batches = groups.flatMap((group): (readonly WriteGroup[])[] => [[group], [group, [port.put('/c', 'any')]]]);
    batches.push(
      [[port.put('/a', version)], [port.put('/b', version)]],
      [[port.put('/a', 'any')], [port.put('/b', 'any')]],
    );
    for (const { text, values = [] } of [
      gets.query(['/a', '/b']),
      ...batches.map((batch) => statement.query(batch, { version, waits: batch.length === 1 }).config),
    ]) {
      await client.query(`begin; prepare statement as ${text}`);
      const placeholders = values.map((_, index) => `$${index + 1}`).join();
      const explained = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (format json) execute statement (${withLiterals(placeholders, values as string[])})`,
      );
      await client.query('rollback; deallocate statement');
      const [explanation] = explained.rows[0]?.['QUERY PLAN'] ?? [];
      const searched = (explanation === undefined ? [] : nodesOf(explanation.Plan)).filter(
        (node) => node['Relation Name'] === 'holdfast_entries' && node['Node Type'] !== 'ModifyTable',
      );
      expect(searched).not.toEqual([]);
      // A bitmap of the index, where the planner prefers it, is a node of its own.
      const indexOf = (node: PlanNode): string | undefined => node['Index Name'] ?? node.Plans?.[0]?.['Index Name'];
      expect(searched.filter((node) => indexOf(node) !== 'holdfast_entries_pkey')).toEqual([]);
    }
  } finally {
    await client.end();
  }
});

test('an update of an entry touches no index', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const pool = new pg.Pool({ connectionString, max: 1 });
  await using store = await openPostgres({ pool, schema });
  let { version } = await store.put('/hot', { body: new Uint8Array(100) }, 'absent');
  for (let update = 0; update < 100; update += 1) {
    ({ version } = await store.put('/hot', { body: new Uint8Array(100) }, { version }));
  }
  // A connection hands in what it has counted when it ends at the latest, and before release 15 that takes a while.
  await pool.end();
  const count = async (): Promise<Record<string, unknown> | undefined> => {
    const [counted] = await runSql(
      connectionString,
      `select n_tup_upd::int as updated, n_tup_hot_upd::int as hot from pg_stat_user_tables
       where schemaname = '${schema}' and relname = 'holdfast_entries'`,
    );
    return counted;
  };
  await expect.poll(async () => (await count())?.['updated'], { timeout: 20_000 }).toBe(100);
  // The server's own word for it; now and then a page is full.
  expect((await count())?.['hot']).toBeGreaterThan(90);
});
