import { defineContract, type Harness } from '@holdfast/contract';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { makeScratchDatabase, makeScratchSchema, runSql, testDatabase } from './support/scratch-schema.ts';

// In this collation `a` comes before `B`.
const options = `locale_provider icu icu_locale 'en-x-icu' locale 'C'`;

const long = process.env['HOLDFAST_LONG'] === '1';

// Only since release 15 can a collation of ICU be the default of a database.
const [version] = await runSql(testDatabase(), `select current_setting('server_version_num')::int as number`);
const { skipIf } = describe;

skipIf((version?.['number'] as number) < 150_000)('in a database whose default collation is that of ICU', () => {
  let database: Awaited<ReturnType<typeof makeScratchDatabase>>;

  beforeAll(async () => {
    database = await makeScratchDatabase(options);
  });

  afterAll(() => database[Symbol.asyncDispose]());

  test('the database really sorts in another order', async () => {
    const sorted = await runSql(database.connectionString, `select x from unnest(array['B', 'a', '-b']) x order by x`);
    expect(sorted.map(({ x }) => x)).toEqual(['-b', 'a', 'B']);
  });

  test('the child keys of an entry are compared by their bytes', async () => {
    const { connectionString } = database;
    await using scratch = makeScratchSchema(connectionString);
    await using store = await openPostgres({ config: { connectionString }, schema: scratch.schema });
    const names = ['B', 'a', '-b', 'a!', 'é', '～', '😀'];
    for (const name of names) await store.put(`/d/${name}/x`, { body: new Uint8Array() }, 'absent');
    const listed = (await store.list('/d')).children.map(({ name }) => name);
    expect(listed).toEqual(['-b', 'B', 'a', 'a!', 'é', '～', '😀']);
  });

  const harness: Harness = {
    name: 'postgres (a database whose default collation is that of ICU)',
    async createStore() {
      const { connectionString, schema, remove } = makeScratchSchema(database.connectionString);
      return {
        open: () => openPostgres({ config: { connectionString }, schema }),
        child: { module: new URL('children/open-store.ts', import.meta.url).href, input: { connectionString, schema } },
        destroy: remove,
      };
    },
  };

  // Usually what compares or orders paths and names.
  const ordering = { effort: 'quick', only: ['path', 'list', 'entries', 'model.sequence', 'model.many'] } as const;
  defineContract(harness, { describe, it }, long ? { effort: 'full' } : ordering);
});
