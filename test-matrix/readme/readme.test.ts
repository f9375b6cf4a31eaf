import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { codeBlocks } from './code-blocks.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Inside this package, so that the blocks resolve the packages they import as a user's would.
const HERE = fileURLToPath(new URL('.', import.meta.url));
const MINUTE = 60_000;

const readmes = ['README.md', ...(await readdir(join(ROOT, 'packages'))).map((name) => `packages/${name}/README.md`)];

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

describe.each(readmes)('%s', (readme) => {
  it(
    'has code blocks that pass the type checker and run',
    async () => {
      await withBlocks(readme, async (directory, files) => {
        expect(files.length, 'the number of code blocks').toBeGreaterThan(0);
        await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', directory]).catch((error: { stdout?: string }) => {
          expect.fail(`${relative(ROOT, directory)} does not pass the type checker:\n${error.stdout}`);
        });
        for (const file of files) {
          await run(process.execPath, [file], { cwd: directory }).catch(
            (error: { stdout?: string; stderr?: string }) => {
              expect.fail(`${file} of ${readme} fails:\n${error.stdout}\n${error.stderr}`);
            },
          );
        }
      });
    },
    2 * MINUTE,
  );
});
