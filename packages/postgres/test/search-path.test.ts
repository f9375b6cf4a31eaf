import { groupLaws } from '@holdfast/test-support';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { openGroupPort } from './support/group-port.ts';
import { makeScratchDatabase, makeScratchSchema, runSql } from './support/scratch-schema.ts';

/** Stands before PostgreSQL's own schema in `search_path`, and has everything that our statements name, made useless. */
const HOSTILE = `
  create schema hostile;
  create function hostile.replace(text, text, text) returns text immutable language sql as $$ select 'x' $$;
  create function hostile.chr(int4) returns text immutable language sql as $$ select 'x' $$;
  create function hostile.length(text) returns int4 immutable language sql as $$ select 99 $$;
  create function hostile.strpos(text, text) returns int4 immutable language sql as $$ select 99 $$;
  create function hostile.substr(text, int4) returns text immutable language sql as $$ select 'x' $$;
  create function hostile.substr(text, int4, int4) returns text immutable language sql as $$ select 'x' $$;
  create function hostile.current_setting(text, bool) returns text language sql as $$ select 'x' $$;
  create function hostile.set_config(text, text, bool) returns text language sql as $$ select 'x' $$;
  create function hostile.pg_advisory_xact_lock(int8) returns int4 language sql as $$ select 1 / 0 $$;
  create function hostile.zero(int4, int4) returns int4 immutable language sql as $$ select 0 $$;
  create function hostile.joined(text, text) returns text immutable language sql as $$ select 'x' $$;
  create operator hostile.|| (leftarg = text, rightarg = text, function = hostile.joined);
  create operator hostile.+ (leftarg = int4, rightarg = int4, function = hostile.zero);
  create operator hostile./ (leftarg = int4, rightarg = int4, function = hostile.zero);
  create function hostile.unnest(text[]) returns setof text immutable language sql as $$ select 'x' $$;
  create function hostile.unnest(int4[]) returns setof int4 immutable language sql as $$ select 1 $$;
  create function hostile.decode(text, text) returns pg_catalog.bytea immutable language sql as $$ select ''::pg_catalog.bytea $$;
  create operator hostile.- (leftarg = int4, rightarg = int4, function = hostile.zero);
  create table hostile.holdfast_entries (theirs int4);
  create table hostile.holdfast_migration (theirs int4);
  create table hostile.pg_class (theirs int4);
  create table hostile.pg_namespace (theirs int4);
  create table hostile.pg_settings (theirs int4);
  create domain hostile.text as int4;
  create domain hostile.varchar as int4;
  create domain hostile.bytea as int4;
  create domain hostile.int8 as int4;
  create collation hostile."C" (provider = icu, locale = 'und');
`;
const COMPARED = ['text', 'varchar', 'int4', 'int8', 'oid', 'name', '"char"'];

function hostileOperators(type: string): string {
  const own = `pg_catalog.${type}`;
  const operators = ['=', '<>', '<', '<=', '>', '>='].map(
    (symbol) => `create operator hostile.${symbol} (leftarg = ${own}, rightarg = ${own}, function = hostile.wrong);`,
  );
  return `
    create function hostile.wrong(${own}, ${own}) returns bool immutable language sql as $$ select false $$;
    ${operators.join('')}
  `;
}

test('what else is in search_path, also before the own functions, operators and types of the server, changes nothing', async () => {
  await using database = await makeScratchDatabase('');
  const { connectionString } = database;
  await runSql(connectionString, HOSTILE + COMPARED.map(hostileOperators).join(''));
  const config = { connectionString, options: '-c search_path=hostile,pg_catalog' };
  await using store = await openPostgres({ config, schema: 'ours' });
  const body = new Uint8Array([1, 2]);
  const { version } = await store.put('/d/a', { body, kind: 'k', indexed: { n: 1 } }, 'absent');
  for (const path of ['/d/a/x', '/d/a!b', '/d/B', '/d/é']) await store.put(path, { body }, 'any');
  expect(await store.get('/d/a')).toMatchObject({ body, kind: 'k', indexed: { n: 1 }, version });
  expect((await store.list('/d')).children).toEqual([
    { name: 'B', isEntry: true, isPrefix: false },
    { name: 'a', isEntry: true, isPrefix: true },
    { name: 'a!b', isEntry: true, isPrefix: false },
    { name: 'é', isEntry: true, isPrefix: false },
  ]);
  expect((await store.list('/d', { after: 'B', limit: 1 })).children).toMatchObject([{ name: 'a' }]);
  const paths: string[] = [];
  for await (const { path } of store.entries('/d')) paths.push(path);
  expect(paths).toEqual(['/d/B', '/d/a', '/d/a!b', '/d/a/x', '/d/é']);
  await store.put('/d/a', { body }, { version });
  expect(await store.delete('/d/a', 'any')).toEqual({ deleted: true });
  // A group is a statement of its own, sent with parameters or without.
  await using opened = await openGroupPort({ connectionString, schema: 'ours', name: 'ours' }, config.options);
  for (const [, law] of groupLaws.slice(0, 2)) {
    await expect(law([opened.port, opened.port])).resolves.toBe(undefined);
  }
  await using _again = await openPostgres({ config, schema: 'ours', migrate: 'verify' });
});

test('no statement names a function, an operator, a type, a collation or a table without its schema', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const texts = new Set<string>();
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      const query = this.query.bind(this);
      const note = (sent: string | pg.QueryConfig): Promise<unknown> => {
        texts.add(typeof sent === 'string' ? sent : sent.text);
        return query(sent as pg.QueryConfig);
      };
      Object.assign(this, { query: note });
    }
  }
  await using store = await openPostgres({ config: { connectionString, Client }, schema });
  const entry = { body: new Uint8Array(1) };
  const { version: first } = await store.put('/a', entry, 'absent');
  const { version } = await store.put('/a', entry, { version: first });
  await store.put('/b', entry, 'any');
  await Promise.all(['/a', '/b'].map((path) => store.get(path)));
  await store.list('/');
  for await (const _ of store.entries('/')) break;
  await store.delete('/a', { version });
  await store.delete('/a', 'any');
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  for (const other of [port.put('/d', 'any'), port.check('/e', 'absent')])
    await port.write(port.put('/c', 'any'), other);
  await port.writeAll([port.put('/c', 'any')], [port.delete('/d', 'any')]);
  for (const text of opened.texts) texts.add(text);
  expect(texts.size).toBeGreaterThan(22);
  expect([...texts].flatMap(unqualifiedIn)).toEqual([]);
});

/** Before a parenthesis, what is no function: words of the language, and the names of a row's columns. */
const NO_FUNCTION =
  /^(?:and|any|as|by|coalesce|conflict|else|exists|from|join|key|lateral|m|materialized|on|or|over|select|then|update|values|varchar|walk|when|where)$/i;
/** Types of the language itself, whose names lead to no search. */
const NO_SEARCH = /^(?:integer|varchar)$/;

/** What a text leaves to `search_path`. */
function unqualifiedIn(text: string): string[] {
  const bare = text
    .replaceAll(/'[^']*'/g, `''`)
    .replaceAll(/operator\(pg_catalog\.[^a-z\s]+\)/g, ';')
    // Not operators: what an update sets, all rows or columns, and an array of a type.
    .replaceAll(/(?<=\bset |, )"?\w+"? = /g, '')
    .replaceAll(/\bcount\(\*\)|\b[a-z]\.\*|\[\]/g, ';');
  const found = (pattern: RegExp, known: RegExp): string[] =>
    Array.from(bare.matchAll(pattern), ([, name = '']) => name).filter((name) => !known.test(name));
  const names = [
    ...found(/(?<![\w."])([a-z_]\w*) ?\(/gi, NO_FUNCTION),
    ...found(/([^\s\w"$'(),.:;]+)/g, /^$/),
    ...found(/\b((?:not )?(?:in|between(?! unbounded preceding)|i?like|similar to)) /gi, /^$/),
    ...found(/::\s*(?!pg_catalog\.)(\w+)/g, NO_SEARCH),
    ...found(/\bcollate (?!pg_catalog\.)("?\w+)/g, /^$/),
    ...found(/"\w+" (?!pg_catalog\.)(text|bytea|name|oid|int\d)\b/g, /^$/),
    ...found(
      /\b(?:from|into|join|update|table(?: if not exists)?|on) (?!pg_catalog\.)(?!"\w+"\.)("?\w+)/g,
      /^(?:walk|n|conflict|set|if|rows|seen|judged|inserted|updated|deleted|skip|lateral)$/,
    ),
  ];
  return names.map((name) => `${name} in: ${text}`);
}
