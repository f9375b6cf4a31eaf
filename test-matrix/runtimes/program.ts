/** Run by Node, Bun and Deno. Prints what became of each backend, one JSON text a line. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RootFilesystem } from '@holdfast/core';
import { openLibsql } from '@holdfast/libsql';
import { openLocalDisk } from '@holdfast/local-disk';
import { openPostgres } from '@holdfast/postgres';
import { openSqlite } from '@holdfast/sqlite';
import { PORTABLE } from './portable.ts';
import type { Result } from './result.ts';
import { exercise } from './steps.ts';

const scratch = await mkdtemp(join(tmpdir(), 'holdfast-runtimes-'));
const { HOLDFAST_LIBSQL_URL: libsql = '', HOLDFAST_LIBSQL_AUTH_TOKEN: authToken = '' } = process.env;
const { HOLDFAST_POSTGRES_URL: connectionString = '', HOLDFAST_RUNTIMES_NAME: name = '' } = process.env;

const OPENERS: Readonly<Record<string, () => RootFilesystem | Promise<RootFilesystem>>> = {
  ...PORTABLE,
  'SQLite, file': () => openSqlite({ file: join(scratch, 'sqlite.db') }),
  'SQLite, thread': () => unwarned(() => openSqlite({ file: join(scratch, 'thread.db'), writes: 'thread' })),
  'libSQL, file': () => openLibsql({ config: { url: `file:${join(scratch, 'libsql.db')}` } }),
  'libSQL, server': () => openLibsql({ config: { url: libsql, authToken }, tablePrefix: `${name}_` }),
  PostgreSQL: () => openPostgres({ config: { connectionString }, schema: name }),
  'local disk': () => openLocalDisk({ root: join(scratch, 'disk'), create: true }),
};

/** Opens a store, and fails if the process is warned meanwhile: of a thread that it could not have. */
async function unwarned<T>(open: () => Promise<T>): Promise<T> {
  const { emitWarning } = process;
  let warned: string | undefined;
  process.emitWarning = (warning: string | Error) => void (warned = String(warning));
  const opened = await open();
  process.emitWarning = emitWarning;
  if (warned !== undefined) throw new Error(warned);
  return opened;
}

for (const [column, open] of Object.entries(OPENERS)) {
  const result: Result = { column, problem: undefined };
  try {
    await exercise(await open());
  } catch (error) {
    result.problem = String(error);
  }
  console.log(JSON.stringify(result));
}
await rm(scratch, { recursive: true });
