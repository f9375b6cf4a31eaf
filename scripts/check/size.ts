import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, isTest } from '../lib/source-files.ts';
import { allPackages } from '../lib/workspace.ts';
import { root } from '../toolchain/root.mjs';

const sourceLimit = 300;
const testLimit = 500;

/**
 * A file longer than this is two files, unless a line of its own says why it is not:
 * `// Over 300 lines because <a reason that a reader accepts>`. Tests may be longer.
 */
export function checkSize(workspace: string = root): string[] {
  const folders = [...allPackages(workspace).map((it) => it.folder), 'scripts'];
  return folders
    .flatMap((folder) => filesBelow(workspace, folder, '.ts'))
    .flatMap((file) => sizeProblem(file, readFileSync(join(workspace, file), 'utf8')) ?? []);
}

/** What is wrong with the length of one file, if anything. */
export function sizeProblem(file: string, text: string): string | undefined {
  const lines = text.split('\n').length - 1;
  const limit = isTest(file) ? testLimit : sourceLimit;
  if (lines <= limit || /^\/\/ Over \d+ lines because \S/m.test(text)) return undefined;
  return `${file}: ${lines} lines, where ${limit} are the most`;
}
