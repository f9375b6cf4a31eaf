/**
 * Runs the packages, as they are built, under other runtimes, and prints what works as the table of the README.
 * Fails when that says something else. The arguments are pairs of a runtime's name and its program.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLibsqlServer, startPostgres } from '@holdfast/test-servers';
import { driverVersions } from './driver-versions.ts';
import { printed } from './printed.ts';
import type { Result } from './result.ts';
import { runtimesTable, type RuntimeResults } from './runtimes-table.ts';
import { workerdConfig } from './workerd-config.ts';

const DOCUMENT = new URL('../../README.md', import.meta.url);
const PROGRAM = join(import.meta.dirname, 'program.ts');

/** How a runtime runs {@link PROGRAM}. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  Node: ['--disable-warning=ExperimentalWarning', '--experimental-strip-types', PROGRAM],
  Bun: ['--no-install', PROGRAM],
  Deno: ['run', '--allow-all', '--no-prompt', '--no-lock', '--node-modules-dir=manual', '--quiet', PROGRAM],
};

async function main(pairs: readonly string[]): Promise<number> {
  await using postgres = await startPostgres();
  await using libsql = await startLibsqlServer();
  const rows: RuntimeResults[] = [];
  for (let index = 0; index < pairs.length; index += 2) {
    const [name = '', program = ''] = pairs.slice(index, index + 2);
    const env = {
      ...process.env,
      HOLDFAST_POSTGRES_URL: postgres.url,
      HOLDFAST_LIBSQL_URL: libsql.url,
      HOLDFAST_LIBSQL_AUTH_TOKEN: libsql.authToken,
      HOLDFAST_RUNTIMES_NAME: `runtimes_${randomBytes(6).toString('hex')}`,
    };
    const version = /\d+(?:[.-]\d+)+/.exec(await printed(program, ['--version'], env))?.[0] ?? 'unknown';
    const output = name === 'workerd' ? await inWorkerd(program) : await printed(program, ARGUMENTS[name] ?? [], env);
    rows.push({ runtime: `${name} ${version}`, results: resultsIn(output) });
  }
  return await report(rows);
}

function withoutPadding(row: string): string {
  return row.replaceAll(/-+/g, '-').replaceAll(/ +/g, ' ');
}

async function inWorkerd(program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-workerd-'));
  try {
    const config = join(folder, 'config.capnp');
    await writeFile(config, workerdConfig());
    return await printed(program, ['test', config], process.env);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function resultsIn(output: string): Result[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Result);
}

async function report(rows: readonly RuntimeResults[]): Promise<number> {
  const table = `${runtimesTable(rows)}\n\n${driverVersions()}`;
  console.log(table);
  for (const { runtime, results } of rows) {
    for (const { column, problem } of results)
      if (problem !== undefined) console.log(`${runtime}, ${column}: ${problem}`);
  }
  // On some platforms npm has not all of them, so rows are compared one by one.
  const known = new Set((await readFile(DOCUMENT, 'utf8')).split('\n').map(withoutPadding));
  const differing = table
    .split('\n')
    .map(withoutPadding)
    .filter((row) => !known.has(row));
  for (const row of differing) console.error(`The README does not say: ${row}`);
  return differing.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
