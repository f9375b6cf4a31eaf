import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeBlocks } from './code-blocks.ts';
import { makeDatabase, type Database } from './database.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Inside this package, so that the blocks resolve the packages they import as a user's would.
const HERE = fileURLToPath(new URL('.', import.meta.url));
const MINUTE = 60_000;
const long = process.env['HOLDFAST_LONG'] === '1';

/** Runs the blocks one after the other in one process: starting one takes longer than most of them. */
const RUN_EACH = `
  for (const file of process.argv.slice(1)) {
    console.log(file);
    await import(process.cwd() + '/' + file);
  }
`;

const readmes = [
  'README.md',
  'docs/limits.md',
  ...(await readdir(join(ROOT, 'packages'))).map((name) => `packages/${name}/README.md`),
];

/** Where the blocks of all READMEs are, those of each in a directory of its own. */
let blocks: string;
let database: Database;

beforeAll(async () => {
  blocks = await mkdtemp(join(HERE, '.blocks-'));
  const config = { extends: '../../../tsconfig.base.json', compilerOptions: { noEmit: true }, include: ['*/*.ts'] };
  await writeFile(join(blocks, 'tsconfig.json'), JSON.stringify(config));
  for (const [index, readme] of readmes.entries()) {
    const directory = join(blocks, String(index));
    await mkdir(directory);
    const found = codeBlocks(await readFile(join(ROOT, readme), 'utf8'));
    for (const { file, code } of found) await writeFile(join(directory, file), code);
  }
  database = await makeDatabase();
});

afterAll(async () => {
  await rm(blocks, { recursive: true, force: true });
  await database.remove();
});

/** The suite with small numbers, where a block that was checked as it is leaves it at full effort. */
function atQuickEffort(code: string): string {
  return code
    .replaceAll(
      'defineContract(harness, { describe, it })',
      "defineContract(harness, { describe, it }, { effort: 'quick' })",
    )
    .replaceAll('runContract({', "((harness) => runContract(harness, { effort: 'quick' }))({");
}

/** Runs a program; what it printed becomes the reason when it fails. */
async function succeeds(directory: string, program: string, ...args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, args, {
      cwd: directory,
      env: { ...process.env, DATABASE_URL: database.url },
    });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    expect.fail(`${args.join(' ')} fails:\n${stdout}\n${stderr}`);
  }
}

it(
  'all code blocks pass the type checker',
  () => expect(succeeds(blocks, join(ROOT, 'node_modules/.bin/tsc'), '-p', '.')).resolves.toBeUndefined(),
  2 * MINUTE,
);

it.each(readmes.map((readme, index) => ({ readme, index })))(
  'the code blocks of $readme run',
  async ({ index }) => {
    const directory = join(blocks, String(index));
    const files = await readdir(directory);
    expect(files.length, 'the number of code blocks').toBeGreaterThan(0);
    for (const file of long ? [] : files) {
      const path = join(directory, file);
      await writeFile(path, atQuickEffort(await readFile(path, 'utf8')));
    }
    await succeeds(directory, process.execPath, '--input-type=module', '--eval', RUN_EACH, ...files);
  },
  2 * MINUTE,
);
