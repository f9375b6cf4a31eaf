import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from './code-blocks.ts';
import { makeDatabase, type Database } from './database.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Inside this package, so that the blocks resolve the packages they import as a user's would.
const HERE = fileURLToPath(new URL('.', import.meta.url));
const MINUTE = 60_000;

const readmes = [
  'README.md',
  'docs/limits.md',
  ...(await readdir(join(ROOT, 'packages'))).map((name) => `packages/${name}/README.md`),
];

let database: Database;

beforeAll(async () => {
  database = await makeDatabase();
});

afterAll(() => database.remove());

/** Writes the blocks of a README into a directory of their own and removes it afterwards. */
async function withBlocks(readme: string, use: (directory: string, files: readonly string[]) => Promise<void>) {
  const blocks = codeBlocks(await readFile(join(ROOT, readme), 'utf8'));
  const directory = await mkdtemp(join(HERE, '.blocks-'));
  try {
    for (const { file, code } of blocks) await writeFile(join(directory, file), code);
    const config = { extends: '../../../tsconfig.base.json', compilerOptions: { noEmit: true }, include: ['*.ts'] };
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(config));
    await use(
      directory,
      blocks.map(({ file }) => file),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
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

describe.each(readmes)('%s', (readme) => {
  it(
    'has code blocks that pass the type checker and run',
    async () => {
      await withBlocks(readme, async (directory, files) => {
        expect(files.length, 'the number of code blocks').toBeGreaterThan(0);
        await succeeds(directory, join(ROOT, 'node_modules/.bin/tsc'), '-p', '.');
        for (const file of files) await succeeds(directory, process.execPath, file);
      });
    },
    2 * MINUTE,
  );
});
